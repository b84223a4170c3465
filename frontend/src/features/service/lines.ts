// The lines of a service's charts from its collected days. Pure.
import type { ContainerDay, JvmDay, TrafficDay } from '@/api/types'
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

/** One line; a day without a row is a gap. */
const line = <Row extends { date: string }>(
  name: string,
  kind: Line['kind'],
  days: readonly string[],
  rows: readonly Row[],
  valueOf: (row: Row) => number | null,
): Line => ({ name, kind, values: valuesOn(days, rows, valueOf) })

/** The lines of one chart of resources. */
export function linesOf(
  key: ChartKey,
  days: readonly string[],
  rows: readonly ContainerDay[],
  words: Words,
): Line[] {
  if (key === 'pods') return [line(words.pods, 'pods', days, rows, (row) => row.pod_count)]
  const fields = FIELDS[key]
  return [
    line(words.used, 'use', days, rows, (row) => row[fields.used]),
    line(words.hot, 'hot', days, rows, (row) => row[fields.hot]),
    line(words.request, 'request', days, rows, (row) => row[fields.request]),
    line(words.limit, 'limit', days, rows, (row) => row[fields.limit]),
  ]
}

type FigureWords = Record<'total' | 'hot' | 'latency' | 'gc', string>

/** The lines of requests, latency and garbage collection, of those that are known on any day. */
export function figureLines(
  days: readonly string[],
  traffic: readonly TrafficDay[],
  jvm: readonly JvmDay[],
  words: FigureWords,
): Partial<Record<'qps' | 'latency' | 'gc', Line[]>> {
  const all = {
    qps: [
      line(words.total, 'use', days, traffic, (row) => row.qps_p95),
      line(words.hot, 'hot', days, traffic, (row) => row.qps_hot_pod),
    ],
    latency: [line(words.latency, 'use', days, traffic, (row) => row.latency_p95_ms)],
    gc: [line(words.gc, 'use', days, jvm, (row) => row.gc_overhead_pct)],
  }
  const known = ({ values }: Line) => values.some((value) => value !== null)
  const found = Object.entries(all).map(([key, lines]) => [key, lines.filter(known)] as const)
  return Object.fromEntries(found.filter(([, lines]) => lines.length > 0))
}
