// What each version of the expert's row changed. Pure.
import type { Revision } from '@/api/types'
import { EMPTY, expertChanges } from '@/features/services/expert'

/** The versions, the latest first, each with what differs from the one before it. */
export function revisionChanges(revisions: readonly Revision[]) {
  return revisions.map((revision, index) => {
    const older = revisions[index + 1]
    return { revision, changes: expertChanges(older && !older.removed ? older : EMPTY, revision) }
  })
}
