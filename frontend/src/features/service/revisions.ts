// What each version of the expert's row changed. Pure.
import type { Revision } from '@/api/types'
import { differencesOf, leafText } from '@/ui/difference'

/** Containers by name, so that their order makes no difference. */
function comparable({ containers, replicas_manual, replicas_policy, mode, note }: Revision) {
  const named = Object.fromEntries(containers.map(({ name, ...values }) => [name || '0', values]))
  return { replicas_manual, replicas_policy, mode, note, ...named }
}

/** The versions, the latest first, each with what differs from the one before it. */
export function revisionChanges(revisions: readonly Revision[]) {
  return revisions.map((revision, index) => {
    const older = revisions[index + 1]
    const before =
      older && !older.removed ? comparable(older) : { replicas_policy: 'fixed', note: '' }
    const changes = differencesOf(before, comparable(revision))
      .filter((one) => leafText(one.before) !== leafText(one.after))
      .map((one) => `${one.path} ${leafText(one.before)} → ${leafText(one.after)}`)
    return { revision, changes }
  })
}
