// How many flags of a service are seen in the room of their cell.
import { textPx } from '@/ui/textWidth'
import type { useFlagWords } from './flags'
import type { ServiceRow } from './row'

const GAP_PX = 8

/**
 * How many of these widths fit side by side, at least one.
 * @param morePx what the count of the others takes, where not all fit.
 */
export function fitting(widthsPx: readonly number[], roomPx: number, morePx: number): number {
  const upTo = (n: number) => widthsPx.slice(0, n).reduce((sum, px) => sum + px + GAP_PX, -GAP_PX)
  if (upTo(widthsPx.length) <= roomPx) return widthsPx.length
  const counts = widthsPx.map((_, index) => index + 1)
  return Math.max(1, ...counts.filter((n) => upTo(n) + GAP_PX + morePx <= roomPx))
}

type Words = ReturnType<typeof useFlagWords>

/** A flag's shape and text. */
export const flagPx = ({ shape, text }: { shape: string; text: string }) =>
  textPx(`${shape} ${text}`)

/** What all flags of the row that has the most to say take. */
export function widestFlags(rows: readonly ServiceRow[], words: Words): number {
  const px = new Map<string, number>()
  const of = (flag: string) => {
    if (!px.has(flag)) px.set(flag, flagPx(words(flag)))
    return (px.get(flag) ?? 0) + GAP_PX
  }
  return rows.reduce(
    (most, { service }) =>
      Math.max(
        most,
        service.flags.reduce((sum, flag) => sum + of(flag), 0),
      ),
    0,
  )
}
