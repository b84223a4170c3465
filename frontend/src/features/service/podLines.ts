// The lines of a service's pods in a window, with the request and limit that they ran with. Pure.
import type { Container, PodCurve } from '@/api/types'
import { bulletOf } from '@/features/services/row'
import type { Line } from '@/ui/chart/options'

const FIELDS = { cpu: 'cpu_m', mem: 'mem_mib' } as const

/** The pods that have a curve for a container. */
export const podsOf = (curves: readonly PodCurve[], container: string): string[] =>
  curves.filter((curve) => container === '' || curve.container === container).map(({ pod }) => pod)

/** One line per pod, or the one of a single pod; then request and limit, level over the whole time. */
export function podLines(
  field: keyof typeof FIELDS,
  curves: readonly PodCurve[],
  length: number,
  asked: Container | undefined,
  pod: string,
  container: string,
  words: { request: string; limit: string },
): Line[] {
  const chosen = curves.filter(
    (curve) =>
      (container === '' || curve.container === container) && (pod === '' || curve.pod === pod),
  )
  const level = (name: string, kind: 'request' | 'limit', value: number | null): Line[] =>
    value === null ? [] : [{ name, kind, values: Array<number>(length).fill(value) }]
  const { request, limit } = asked ? bulletOf(asked, field) : { request: null, limit: null }
  return [
    ...chosen.map((curve) => ({
      name: curve.pod,
      kind: pod === '' ? ('pod' as const) : ('use' as const),
      values: curve[FIELDS[field]],
    })),
    ...level(words.request, 'request', request),
    ...level(words.limit, 'limit', limit),
  ]
}
