// The lines of a service's charts from its collected days. Pure.
import type { ContainerDay } from '@/api/types'
import { valuesOn } from '@/ui/chart/days'
import type { Line } from '@/ui/chart/options'

export type ChartKey = 'cpu' | 'mem' | 'pods'
type Words = Record<'used' | 'hot' | 'request' | 'limit' | 'pods', string>

const FIELDS = {
  cpu: { used: 'p95_cpu_m', hot: 'p95_cpu_hot_m', request: 'request_cpu_m', limit: 'limit_cpu_m' },
  mem: {
    used: 'p95_mem_mib',
    hot: 'p95_mem_hot_mib',
    request: 'request_mem_mib',
    limit: 'limit_mem_mib',
  },
} as const

/** The lines of one chart; a day without a row is a gap. */
export function linesOf(
  key: ChartKey,
  days: readonly string[],
  rows: readonly ContainerDay[],
  words: Words,
): Line[] {
  const line = (
    name: string,
    kind: Line['kind'],
    valueOf: (row: ContainerDay) => number | null,
  ) => ({
    name,
    kind,
    values: valuesOn(days, rows, valueOf),
  })
  if (key === 'pods') return [line(words.pods, 'pods', (row) => row.pod_count)]
  const fields = FIELDS[key]
  return [
    line(words.used, 'use', (row) => row[fields.used]),
    line(words.hot, 'hot', (row) => row[fields.hot]),
    line(words.request, 'request', (row) => row[fields.request]),
    line(words.limit, 'limit', (row) => row[fields.limit]),
  ]
}
