// Where the marks of a bullet bar stand, on a scale that a whole column shares.
export interface Bullet {
  used: number | null
  request: number | null
  limit: number | null
}

/** What the marks say, in one word; the console shows it as a colour with a shape. */
export type Verdict = 'unknown' | 'risk' | 'under' | 'waste' | 'fine'

const NEAR_LIMIT = 0.9
const WASTE = 2

/**
 * - `risk`: use at 90 % of the limit or more;
 * - `under`: use above the request;
 * - `waste`: the request is at least twice the use;
 * - `unknown`: use or request not known.
 */
export function verdictOf({ used, request, limit }: Bullet): Verdict {
  if (used === null) return 'unknown'
  if (limit !== null && limit > 0 && used >= NEAR_LIMIT * limit) return 'risk'
  if (request === null) return 'unknown'
  if (used > request) return 'under'
  return request >= WASTE * Math.max(used, 1) ? 'waste' : 'fine'
}

/** The column's scale: its 98th percentile, so that one giant does not flatten the others. */
export function scaleOf(rows: readonly Bullet[]): number {
  const largest = rows
    .map((row) => Math.max(row.used ?? 0, row.request ?? 0, row.limit ?? 0))
    .filter((value) => value > 0)
    .sort((a, b) => a - b)
  return largest[Math.ceil((largest.length - 1) * 0.98)] ?? 1
}

/** How lengths follow values: a column of all services is compressed, one service by itself is not. */
export type Scaling = 'linear' | 'root'

/** Position in per cent; a square-root scale keeps small services visible next to large ones. */
export function positionOf(value: number, scale: number, scaling: Scaling): number {
  const share = Math.max(0, value) / scale
  return Math.min(100, 100 * (scaling === 'root' ? Math.sqrt(share) : share))
}

const STEPS = [1, 2, 2.5, 5, 10]

/** The end of a scale that holds a value: the next round number, of GiB where values are MiB. */
export function roundEnd(value: number, unit = 1): number {
  const size = 10 ** Math.floor(Math.log10(Math.max(value, 1) / unit))
  return (STEPS.find((step) => step * size * unit >= value) ?? 10) * size * unit
}
