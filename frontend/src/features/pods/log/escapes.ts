// What a terminal would make of a line: its colours by the console's own, readable in both themes; nothing else. Pure.
import Anser from 'anser'
import ansiRegex from 'ansi-regex'

/** A colour of the theme; empty for that of the text. */
export type Hue = '' | 'red' | 'yellow' | 'green' | 'blue' | 'magenta' | 'grey'

export interface Piece {
  text: string
  hue: Hue
  bold: boolean
  /** It is what is looked for. */
  hit: boolean
}

const COLOUR = /^\u001b\[[\d;:]*m$/
/** What else a terminal obeys, and no reader should see. */
const CONTROL = /[\u0000-\u0008\u000b-\u001a\u001c-\u001f\u007f-\u009f]/g
const GREY_BELOW = 40
/** Where each hue ends, in degrees. */
const HUES: readonly [number, Hue][] = [
  [30, 'red'],
  [75, 'yellow'],
  [165, 'green'],
  [260, 'blue'],
  [330, 'magenta'],
  [360, 'red'],
]

/** Escape sequences but those of colours are dropped, and so is what else a terminal would obey. */
const coloured = (text: string) =>
  text
    .replace(ansiRegex(), (sequence) => (COLOUR.test(sequence) ? sequence : ''))
    .replace(CONTROL, '')

/** The text alone. */
export const plainOf = (text: string) =>
  text.replace(ansiRegex(), '').replace(CONTROL, '').replaceAll('\u001b', '')

/** The theme's hue that is nearest to `r, g, b`. */
export function hueOf(rgb: string | null): Hue {
  const [r = 0, g = 0, b = 0] = (rgb ?? '').split(',').map(Number)
  const [most, least] = [Math.max(r, g, b), Math.min(r, g, b)]
  const spread = most - least
  if (!rgb || spread < GREY_BELOW) return rgb && most > 64 && most < 200 ? 'grey' : ''
  const sixth =
    most === r ? (g - b) / spread : most === g ? (b - r) / spread + 2 : (r - g) / spread + 4
  const degrees = (sixth * 60 + 360) % 360
  return HUES.find(([end]) => degrees < end)?.[1] ?? ''
}

/** A line's pieces, each of one look; `wanted` is marked wherever it stands. */
export function piecesOf(text: string, wanted: string): Piece[] {
  const found = Anser.ansiToJson(coloured(text), { json: true, remove_empty: true })
  return found.flatMap(({ content, fg, decorations }) => {
    const look = { hue: hueOf(fg), bold: decorations.includes('bold') }
    return split(content.replaceAll('\u001b', ''), wanted).map((part) => ({ ...part, ...look }))
  })
}

function split(text: string, wanted: string): { text: string; hit: boolean }[] {
  if (wanted === '') return [{ text, hit: false }]
  const parts = []
  const [within, needle] = [text.toLowerCase(), wanted.toLowerCase()]
  let from = 0
  for (let at = within.indexOf(needle); at >= 0; at = within.indexOf(needle, from)) {
    parts.push({ text: text.slice(from, at), hit: false })
    from = at + needle.length
    parts.push({ text: text.slice(at, from), hit: true })
  }
  parts.push({ text: text.slice(from), hit: false })
  return parts.filter((part) => part.text !== '')
}
