// A service's requests, JVMs and score at the shown peak: which figures there are, and where each is. Pure.
import type { Service } from '@/api/types'

/** Who tells a figure. */
export type FigurePart = keyof Service['unknown']

interface Figure {
  part: FigurePart
  valueOf: (service: Service) => number | null | undefined
}

/** By the names that the API sorts by. */
export const FIGURES = {
  qps: { part: 'traffic', valueOf: ({ traffic }) => traffic?.qps_p95 },
  qps_per_pod: { part: 'traffic', valueOf: ({ traffic }) => traffic?.qps_per_pod },
  latency: { part: 'traffic', valueOf: ({ traffic }) => traffic?.latency_p95_ms },
  errors: { part: 'traffic', valueOf: ({ traffic }) => traffic?.error_pct },
  heap: { part: 'jvm', valueOf: ({ jvm }) => jvm?.heap_used_pct },
  gc: { part: 'jvm', valueOf: ({ jvm }) => jvm?.gc_overhead_pct },
  score: { part: 'score', valueOf: ({ score }) => score?.score },
} as const satisfies Record<string, Figure>

export type FigureKey = keyof typeof FIGURES
export const FIGURE_KEYS = Object.keys(FIGURES) as FigureKey[]

/** Where a source of requests or JVM figures told only a part of the window. */
export const isThin = ({ unknown }: Service, part: FigurePart) =>
  part !== 'score' && unknown[part] === 'low_coverage'
