// What the nodes have left, in words, and where that is not known, why. Pure.
import type { Capacity } from '@/api/types'

type Why = Exclude<Capacity['reason'], ''> | 'loading' | 'failed'

export interface Room {
  /** Millicores or MiB; null while unknown. */
  free: number | null
  /** Why it is unknown. */
  why: Why | null
  nodes: number
}

/** Room for one resource; `failed` says that the API itself did not answer. */
export function roomOf(
  capacity: Capacity | undefined,
  field: 'cpu' | 'mem',
  failed: boolean,
): Room {
  if (capacity === undefined) return { free: null, why: failed ? 'failed' : 'loading', nodes: 0 }
  const free = field === 'cpu' ? capacity.free_cpu_m : capacity.free_mem_mib
  return {
    free,
    why: capacity.reason === '' ? null : capacity.reason,
    nodes: capacity.nodes ?? 0,
  }
}
