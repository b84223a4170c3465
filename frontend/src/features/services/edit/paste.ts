// What was copied out of a spreadsheet, put into cells from one downwards and to the right. Pure.
import type { Service } from '@/api/types'
import { expertValue } from '../expert'
import {
  boundOf,
  breaks,
  idOf,
  measureOf,
  parseCell,
  withChange,
  type Bound,
  type Cell,
  type CellValue,
  type Draft,
} from './drafts'

/** A cell that a person may change, with the value that it shows. */
export interface Editable {
  cell: Cell
  shown: CellValue
}

/** Why nothing can be put somewhere: nobody edits that column, or the row has several containers. */
export type NotEditable = 'readonly' | 'several'

/** A value that was not taken, and why. */
export interface Wrong {
  service: string
  column: string
  text: string
  why: NotEditable | 'whole' | 'cpu' | 'mem' | 'large' | Bound
  cell: Cell | null
}

export interface Pasted {
  drafts: Draft[]
  /** How many cells took their value. */
  taken: number
  wrong: Wrong[]
  /** Lines that came after the last row. */
  beyond: number
}

/** Lines and cells of a clipboard's text; the line break at its end begins no line. */
export const blockOf = (text: string): string[][] =>
  text
    .replace(/\r?\n$/, '')
    .split(/\r?\n/)
    .map((line) => line.split('\t').map((cell) => cell.trim()))

function problemOf(service: Service, { cell }: Editable, text: string, draft: Draft) {
  const parsed = parseCell(text, measureOf(cell.field))
  if ('error' in parsed) return { why: parsed.error }
  const bound = boundOf(service, cell, draft)
  const broken = bound !== null && parsed.value !== null && breaks(parsed.value, bound)
  return broken ? { why: bound } : parsed
}

/**
 * The drafts with a block in them; right cells are taken, and all wrong ones are told at once.
 * @param rows from the first row of the block on, in the order that is seen.
 * @param columns from its first column on.
 */
export function paste(
  text: string,
  rows: readonly Service[],
  columns: readonly string[],
  editable: (service: Service, column: string) => Editable | NotEditable,
  known: ReadonlyMap<string, Draft>,
): Pasted {
  const block = blockOf(text)
  const drafts = new Map<string, Draft>()
  const wrong: Wrong[] = []
  let taken = 0

  function put(service: Service, column: string, value: string) {
    const { env, namespace, name, version } = service
    const id = idOf(service)
    const draft = drafts.get(id) ??
      known.get(id) ?? { service: { env, namespace, name }, version, changes: [] }
    const place = editable(service, column)
    const told = { service: name, column, text: value }
    if (typeof place === 'string') return wrong.push({ ...told, why: place, cell: null })
    const { cell, shown } = place
    const found = problemOf(service, place, value, draft)
    if ('why' in found) return wrong.push({ ...told, why: found.why, cell })
    const before = expertValue(service, cell)
    drafts.set(id, withChange(draft, { ...cell, shown, before, after: found.value }))
    return taken++
  }

  block.slice(0, rows.length).forEach((cells, index) => {
    const service = rows[index]
    cells.slice(0, columns.length).forEach((value, at) => {
      if (service) put(service, columns[at] ?? '', value)
    })
  })
  const beyond = Math.max(0, block.length - rows.length)
  return { drafts: [...drafts.values()], taken, wrong, beyond }
}
