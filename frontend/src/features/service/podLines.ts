// The lines of a service's pods in a window, with the request and limit that they ran with. Pure.
import type { Container, PodCurve } from '@/api/types'
import { bulletOf } from '@/features/services/row'
import type { Line } from '@/ui/chart/options'

const FIELDS = { cpu: 'cpu_m', mem: 'mem_mib' } as const
type Field = keyof typeof FIELDS
/** Up to so many pods are all drawn; of more, the hottest. */
const ALL = 6
const HOTTEST = 5

/** The pods that have a curve for a container. */
export const podsOf = (curves: readonly PodCurve[], container: string): string[] =>
  curves.filter((curve) => container === '' || curve.container === container).map(({ pod }) => pod)

type Values = readonly (number | null)[]
const known = (values: Values) => values.filter((value) => value !== null)
const most = (values: Values) => known(values).reduce((a, b) => Math.max(a, b), -1)

/** The least, middle and largest value of many curves at each time; null where none has one. */
export function spreadOf(curves: readonly Values[], length: number) {
  const at = Array.from({ length }, (_, index) =>
    known(curves.map((values) => values[index] ?? null)).sort((a, b) => a - b),
  )
  return {
    least: at.map((values) => values[0] ?? null),
    middle: at.map((values) => values[Math.floor((values.length - 1) / 2)] ?? null),
    largest: at.map((values) => values.at(-1) ?? null),
  }
}

interface Asked {
  container: Container | undefined
  /** The one pod to show; empty for all. */
  pod: string
}

interface Words {
  request: string
  limit: string
  /** The line in the middle of the pods that have none of their own, and the band around it. */
  middle: (n: number) => string
  band: string
}

function ofPods(curves: readonly PodCurve[], field: Field, length: number, words: Words): Line[] {
  const values = (curve: PodCurve) => curve[FIELDS[field]]
  const line = (curve: PodCurve): Line => ({ name: curve.pod, kind: 'pod', values: values(curve) })
  if (curves.length <= ALL) return curves.map(line)
  const hot = [...curves].sort((a, b) => most(values(b)) - most(values(a)))
  const rest = hot.slice(HOTTEST).map(values)
  const { least, middle, largest } = spreadOf(rest, length)
  return [
    ...hot.slice(0, HOTTEST).map(line),
    { name: words.middle(rest.length), kind: 'middle', values: middle },
    { name: words.band, kind: 'band', values: largest, floor: least },
  ]
}

/** The hottest pods and a band of the others, or one pod; then request and limit, level over the whole time. */
export function podLines(
  field: Field,
  curves: readonly PodCurve[],
  length: number,
  { container, pod }: Asked,
  words: Words,
): Line[] {
  const name = container?.name ?? ''
  const mine = curves.filter((curve) => name === '' || curve.container === name)
  const level = (text: string, kind: 'request' | 'limit', value: number | null): Line[] =>
    value === null ? [] : [{ name: text, kind, values: Array<number>(length).fill(value) }]
  const { request, limit } = container ? bulletOf(container, field) : { request: null, limit: null }
  const one = mine.find((curve) => curve.pod === pod)
  return [
    ...(one
      ? [{ name: one.pod, kind: 'use' as const, values: one[FIELDS[field]] }]
      : ofPods(mine, field, length, words)),
    ...level(words.request, 'request', request),
    ...level(words.limit, 'limit', limit),
  ]
}
