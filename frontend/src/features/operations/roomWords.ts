// What an operation takes of the nodes and gives back, with the signs that people expect. Pure.
import type { OperationPreview } from '@/api/types'

type Room = NonNullable<OperationPreview['room']>

/** Amounts that are needed besides and that become free, millicores and MiB; none is negative, null is none. */
export interface RoomWords {
  verdict: 'fits' | 'fitsNot' | 'fitsNotMeanwhile'
  asks: { cpu: number | null; mem: number | null }
  givesBack: { cpu: number | null; mem: number | null }
}

const above = (value: number) => (value > 0 ? value : null)

/** What gives back as much as it asks for and still does not fit lacks room only while pods are replaced. */
export function roomWords({ fits, added_cpu_m: cpu, added_mem_mib: mem }: Room): RoomWords {
  const asks = { cpu: above(cpu), mem: above(mem) }
  const more = asks.cpu !== null || asks.mem !== null
  return {
    verdict: fits ? 'fits' : more ? 'fitsNot' : 'fitsNotMeanwhile',
    asks,
    givesBack: { cpu: above(-cpu), mem: above(-mem) },
  }
}
