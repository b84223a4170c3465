// What `observe` would have done, service by service. Pure.
import type { Admission } from '@/api/types'

export interface Observed {
  id: string
  namespace: string
  name: string
  refused: number
  changed: number
  /** The latest of them, UTC. */
  latest: string
  /** The latest: what would have been changed, or why it would have been refused. */
  said: Pick<Admission, 'outcome' | 'changes' | 'notes'>
}

/** One row per service, the most often met first. */
export function observedOf(decisions: readonly Admission[]): Observed[] {
  const rows = new Map<string, Observed>()
  for (const decision of decisions) {
    const { namespace, name, outcome, at } = decision
    const id = `${namespace}/${name}`
    const row = rows.get(id) ?? {
      id,
      namespace,
      name,
      refused: 0,
      changed: 0,
      latest: '',
      said: decision,
    }
    const newer = at > row.latest
    rows.set(id, {
      ...row,
      refused: row.refused + Number(outcome === 'would_deny'),
      changed: row.changed + Number(outcome === 'would_patch'),
      latest: newer ? at : row.latest,
      said: newer ? decision : row.said,
    })
  }
  return [...rows.values()].sort(
    (a, b) => b.refused - a.refused || b.changed - a.changed || a.id.localeCompare(b.id),
  )
}
