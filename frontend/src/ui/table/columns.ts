// What a table shows: its columns, and how rows are put in order by them.
type SortValue = string | number | null | undefined

interface ColumnFrame {
  key: string
  label: string
  /** What stands above the column, where its neighbours make a shorter name clear. */
  head?: string
  widthPx: number
  /** So wide that all it holds is seen; given where there is room. */
  wantPx?: number
  /** Takes its share of the room that is left. */
  grow?: boolean
  numeric?: boolean
  pinned?: boolean
  /** Its cells can be typed into. */
  editable?: boolean
  /** Begins a group: a line stands before it. */
  divided?: boolean
  hint?: string
}

/** What a column says of a row. One of the two is required: a column without would show nothing on every row. */
type ColumnValue<Row> =
  | { sortBy: (row: Row) => SortValue; text?: (row: Row) => string }
  | { text: (row: Row) => string; sortBy?: undefined }

export type Column<Row> = ColumnFrame & ColumnValue<Row>

/** A cell in words, where no slot of the table draws it; unknown is `–`. */
export function cellText<Row>(column: Column<Row>, row: Row): string {
  const text = column.text?.(row) ?? column.sortBy?.(row)
  return text === null || text === undefined || text === '' ? '–' : String(text)
}

export interface Sort {
  key: string
  descending: boolean
}

const collator = new Intl.Collator('en', { numeric: true })

function compare(a: SortValue, b: SortValue): number {
  if (typeof a === 'number' && typeof b === 'number') return a - b
  return collator.compare(String(a), String(b))
}

const unknown = (value: SortValue) => value === null || value === undefined

/** A sorted copy; unknown values come last in either direction. */
export function sorted<Row>(
  rows: readonly Row[],
  columns: readonly Column<Row>[],
  sort: Sort | null,
): readonly Row[] {
  const sortBy = columns.find((column) => column.key === sort?.key)?.sortBy
  if (!sortBy || !sort) return rows
  const direction = sort.descending ? -1 : 1
  return rows
    .map((row) => ({ row, value: sortBy(row) }))
    .sort((a, b) => {
      if (unknown(a.value) || unknown(b.value))
        return Number(unknown(a.value)) - Number(unknown(b.value))
      return direction * compare(a.value, b.value)
    })
    .map(({ row }) => row)
}

/** The order after a click on a header: ascending, descending, as it came. */
export function nextSort(sort: Sort | null, key: string, numeric = false): Sort | null {
  if (sort?.key !== key) return { key, descending: numeric }
  return sort.descending === numeric ? { key, descending: !numeric } : null
}

/** How a person arranged the columns of a table. */
export interface Arrangement {
  order: string[]
  hidden: string[]
  pinned: string[]
}

/** All columns in the chosen order; one that was never arranged stays behind its neighbour. */
export function inOrder<Row>(
  columns: readonly Column<Row>[],
  order: readonly string[],
): Column<Row>[] {
  const placed = order.flatMap((key) => columns.find((column) => column.key === key) ?? [])
  columns.forEach((column, index) => {
    if (placed.includes(column)) return
    const neighbour = columns[index - 1]
    placed.splice(neighbour ? placed.indexOf(neighbour) + 1 : 0, 0, column)
  })
  return placed
}

/** The columns that are shown, the pinned ones first. */
export function arranged<Row>(
  columns: readonly Column<Row>[],
  { order, hidden, pinned }: Arrangement,
): Column<Row>[] {
  const shown = inOrder(columns, order)
    .filter(({ key }) => !hidden.includes(key))
    .map((column) => ({ ...column, pinned: column.pinned === true || pinned.includes(column.key) }))
  return [...shown.filter((column) => column.pinned), ...shown.filter((column) => !column.pinned)]
}

/** A column before another one, or after it where it comes from the left. */
export function moved(order: readonly string[], key: string, to: number): string[] {
  const others = order.filter((one) => one !== key)
  const at = Math.max(0, Math.min(others.length, to))
  return [...others.slice(0, at), key, ...others.slice(at)]
}

const sum = (values: readonly number[]) => values.reduce((total, value) => total + value, 0)

/** Room in whole pixels by weight; the last that has one takes what rounding leaves. */
function shared(roomPx: number, weights: readonly number[]): number[] {
  const total = sum(weights)
  const parts = weights.map((weight) => (total > 0 ? Math.floor((roomPx * weight) / total) : 0))
  const last = weights.reduce((at, weight, index) => (weight > 0 ? index : at), -1)
  return parts.map((part, index) => (index === last ? part + roomPx - sum(parts) : part))
}

/** How wide each is: room that is left goes to those whose texts are cut, then to those that grow. */
export function widthsOf<Row>(columns: readonly Column<Row>[], roomPx: number): number[] {
  const least = columns.map(({ widthPx }) => widthPx)
  const free = Math.max(0, Math.floor(roomPx) - sum(least))
  const wanted = columns.map(({ widthPx, wantPx }) => Math.max(0, (wantPx ?? 0) - widthPx))
  const first = shared(Math.min(free, Math.ceil(sum(wanted))), wanted)
  const growing = columns.map(({ grow }) => (grow ? 1 : 0))
  const rest = shared(free - sum(first), growing)
  return least.map((width, index) => width + (first[index] ?? 0) + (rest[index] ?? 0))
}

/** The columns as CSS grid tracks, the width below which the table scrolls, where pinned ones stand. */
export function layoutOf<Row>(
  columns: readonly Column<Row>[],
  leadsPx: readonly number[],
  roomPx: number,
) {
  const leadPx = sum(leadsPx)
  const widths = widthsOf(columns, roomPx - leadPx)
  const leftPx = new Map<string, number>()
  let pinnedPx = leadPx
  columns.forEach(({ key, pinned }, index) => {
    if (!pinned) return
    leftPx.set(key, pinnedPx)
    pinnedPx += widths[index] ?? 0
  })
  return {
    tracks: [...leadsPx, ...widths].map((px) => `${px}px`).join(' '),
    minWidthPx: leadPx + sum(columns.map(({ widthPx }) => widthPx)),
    widths,
    leftPx,
    pinnedPx,
  }
}
