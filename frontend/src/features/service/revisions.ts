// What each version of the expert's row changed. Pure.
import type { Revision, Service } from '@/api/types'
import { EMPTY, expertChanges, expertOf } from '@/features/services/expert'

/** The versions, the latest first, each with what differs from the one before it. */
export function revisionChanges(revisions: readonly Revision[]) {
  return revisions.map((revision, index) => {
    const older = revisions[index + 1]
    return { revision, changes: expertChanges(older && !older.removed ? older : EMPTY, revision) }
  })
}

/** What going back to a version would change of what holds now. */
export function changesOfRestoring(service: Service, revision: Revision) {
  return expertChanges(expertOf(service), revision)
}
