// What the top-10 can be of, and how each is written.
import type { ServiceRow } from '@/features/services/row'
import { percentOf } from '@/ui/units'
import { costOfRow, podsOf, wasteOf, wholeBullet, type Prices } from './totals'

type Unit = 'cpu' | 'mem' | 'percent' | 'count' | 'money'

interface Ranking {
  unit: Unit
  valueOf: (row: ServiceRow, prices: Prices | null) => number | null
}

export const RANKINGS = {
  cost: { unit: 'money', valueOf: costOfRow },
  cpuWaste: { unit: 'cpu', valueOf: (row) => wasteOf(row, 'cpu') },
  memWaste: { unit: 'mem', valueOf: (row) => wasteOf(row, 'mem') },
  cpu: { unit: 'cpu', valueOf: (row) => wholeBullet(row, 'cpu').used },
  mem: { unit: 'mem', valueOf: (row) => wholeBullet(row, 'mem').used },
  cpuPct: { unit: 'percent', valueOf: (row) => percentOf(row.cpu.used, row.cpu.limit) },
  memPct: { unit: 'percent', valueOf: (row) => percentOf(row.mem.used, row.mem.limit) },
  pods: { unit: 'count', valueOf: podsOf },
} as const satisfies Record<string, Ranking>

export type RankingKey = keyof typeof RANKINGS
