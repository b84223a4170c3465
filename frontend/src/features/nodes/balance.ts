// Whether uneven use comes from requests or from where pods are put. Pure.
import type { NodeBalance } from '@/api/types'

/** Points of standard deviation from which nodes are called unevenly loaded. */
const UNEVEN = 10
/** Use is so many times as uneven as requests: they do not tell what pods use. */
const TIMES = 1.5

export type BalanceVerdict = 'unknown' | 'even' | 'requests' | 'scheduling'

/**
 * - `even`: use lies evenly;
 * - `requests`: it does not, though requests do: requests are wrong, not the scheduler;
 * - `scheduling`: neither lies evenly.
 */
export function verdictOf({ used, requested }: NodeBalance): BalanceVerdict {
  if (used === null || requested === null) return 'unknown'
  if (used.deviation < UNEVEN) return 'even'
  return used.deviation >= TIMES * requested.deviation ? 'requests' : 'scheduling'
}
