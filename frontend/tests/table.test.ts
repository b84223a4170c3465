// Sorting: unknown last either way, names as people count.
import { expect, it } from 'vitest'
import { nextSort, sorted, tracksOf, type Column } from '@/ui/table/columns'

interface Row {
  name: string
  cpu: number | null
}
const columns: Column<Row>[] = [
  { key: 'name', label: '', widthPx: 100, grow: true, sortBy: (row) => row.name },
  { key: 'cpu', label: '', widthPx: 50, sortBy: (row) => row.cpu },
]
const rows: Row[] = [
  { name: 'b10', cpu: null },
  { name: 'b9', cpu: 3 },
  { name: 'a', cpu: 20 },
]
const names = (key: string, descending: boolean) =>
  sorted(rows, columns, { key, descending }).map(({ name }) => name)

it('sorts numbers and puts what is not known last, in both directions', () => {
  expect(names('cpu', false)).toEqual(['b9', 'a', 'b10'])
  expect(names('cpu', true)).toEqual(['a', 'b9', 'b10'])
})

it('counts in names', () => expect(names('name', false)).toEqual(['a', 'b9', 'b10']))

it('leaves rows as they came without a sort or with an unknown one', () => {
  expect(sorted(rows, columns, null)).toBe(rows)
  expect(sorted(rows, columns, { key: 'gone', descending: false })).toBe(rows)
})

it('goes round: one way, the other, as it came; numbers begin with the largest', () => {
  const first = nextSort(null, 'cpu', true)
  const second = nextSort(first, 'cpu', true)
  expect(first).toEqual({ key: 'cpu', descending: true })
  expect(second).toEqual({ key: 'cpu', descending: false })
  expect(nextSort(second, 'cpu', true)).toBeNull()
  expect(nextSort(second, 'name')).toEqual({ key: 'name', descending: false })
})

it('scrolls below the sum of its columns', () =>
  expect(tracksOf(columns, 28)).toEqual({
    tracks: '28px minmax(100px, 1fr) 50px',
    minWidthPx: 178,
  }))
