// How far up an axis reaches: use fills it, and what lies far above is told at its edge. Pure.
import type { Line } from './options'

/** A line beyond the axis, with its latest value. */
export interface Beyond {
  name: string
  kind: 'request' | 'limit'
  value: number
}

/** Use takes at least this part of the height. */
const LEAST_SHARE = 1 / 3

const known = (values: Line['values']) => values.filter((value) => value !== null)
const isBound = (line: Line): line is Line & { kind: 'request' | 'limit' } =>
  line.kind === 'request' || line.kind === 'limit'

/** The lines that are drawn, those beyond the axis, and its end where a line leaves it for a time. */
export function reachOf(lines: readonly Line[]): {
  drawn: Line[]
  beyond: Beyond[]
  endsAt: number | null
} {
  const used = lines.filter((line) => !isBound(line)).flatMap(({ values }) => known(values))
  const use = used.reduce((most, value) => Math.max(most, value), 0)
  if (use <= 0) return { drawn: [...lines], beyond: [], endsAt: null }
  const most = use / LEAST_SHARE
  const far = (line: Line) => isBound(line) && known(line.values).every((value) => value > most)
  const beyond = lines.filter(isBound).flatMap((line) => {
    const value = known(line.values).at(-1)
    return value !== undefined && far(line) ? [{ name: line.name, kind: line.kind, value }] : []
  })
  const drawn = lines.filter((line) => !far(line))
  const leaves = drawn.some(({ values }) => known(values).some((value) => value > most))
  return { drawn, beyond, endsAt: leaves ? most : null }
}
