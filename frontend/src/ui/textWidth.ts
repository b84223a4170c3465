// How wide a text is as the page writes it, in pixels. Measured once each.
const known = new Map<string, number>()
let pen: CanvasRenderingContext2D | null = null

export function textPx(text: string): number {
  const found = known.get(text)
  if (found !== undefined) return found
  pen ??= document.createElement('canvas').getContext('2d')
  if (!pen) return 0
  const { fontWeight, fontSize, fontFamily } = getComputedStyle(document.body)
  pen.font = `${fontWeight} ${fontSize} ${fontFamily}`
  const px = Math.ceil(pen.measureText(text).width)
  known.set(text, px)
  return px
}

const CANDIDATES = 20

/** The widest of many: of those with the most letters. */
export function widestPx(texts: readonly string[]): number {
  const longest = [...texts].sort((a, b) => b.length - a.length).slice(0, CANDIDATES)
  return longest.reduce((most, text) => Math.max(most, textPx(text)), 0)
}
