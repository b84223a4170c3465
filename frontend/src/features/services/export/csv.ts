// CSV that a spreadsheet opens without running anything in it, as the API's own exports are. Pure.
import type { FileCell } from './table'

/** Where a cell or a line ends for a program that takes the file with other separators. */
const PARTS = /([;\t\r\n\v\f\u001c-\u001e\u0085\u2028\u2029])/
/** The first character that a spreadsheet looks at: blanks, control characters and quotes are passed by. */
const SEEN = /[^\s\p{Z}\p{C}'"]/u
const FORMULA = new Set('=+-@\u2212')

function isFormula(part: string): boolean {
  const first = SEEN.exec(part)?.[0]
  return first !== undefined && FORMULA.has(first.normalize('NFKC').charAt(0))
}

/** Text of which no part is taken for a formula: an apostrophe before each that could be. */
function safe(text: string): string {
  const mark = (part: string) => (isFormula(part) ? `'${part}` : part)
  const [first = '', ...rest] = text.split(PARTS)
  return mark([first, ...rest.map(mark)].join(''))
}

function written(cell: FileCell): string {
  const text = typeof cell === 'string' ? safe(cell) : String(cell ?? '')
  return /[",\r\n;]/.test(text) ? `"${text.replaceAll('"', '""')}"` : text
}

export const csvOf = (lines: readonly FileCell[][]) =>
  lines.map((cells) => `${cells.map(written).join(',')}\r\n`).join('')
