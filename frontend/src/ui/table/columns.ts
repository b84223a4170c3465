// What a table shows: its columns, and how rows are put in order by them.
type SortValue = string | number | null | undefined

export interface Column<Row> {
  key: string
  label: string
  widthPx: number
  /** Takes its share of the room that is left. */
  grow?: boolean
  numeric?: boolean
  pinned?: boolean
  hint?: string
  sortBy?: (row: Row) => SortValue
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

/** The columns as CSS grid tracks, and the width below which the table scrolls. */
export function tracksOf<Row>(columns: readonly Column<Row>[], foldPx: number) {
  const fold = foldPx > 0 ? [`${foldPx}px`] : []
  const own = columns.map(({ widthPx, grow }) =>
    grow ? `minmax(${widthPx}px, 1fr)` : `${widthPx}px`,
  )
  return {
    tracks: [...fold, ...own].join(' '),
    minWidthPx: columns.reduce((sum, { widthPx }) => sum + widthPx, foldPx),
  }
}
