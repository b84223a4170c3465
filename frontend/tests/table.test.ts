// Sorting: unknown last either way, names as people count.
import { expect, it } from 'vitest'
import {
  arranged,
  cellText,
  inOrder,
  layoutOf,
  moved,
  nextSort,
  sorted,
  widthsOf,
  type Column,
} from '@/ui/table/columns'

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

it('says something in every cell: a column without a getter is a type error', () => {
  const row = { name: 'a', cpu: null }
  // @ts-expect-error neither `sortBy` nor `text`
  const nothing: Column<Row> = { key: 'cpu', label: '', widthPx: 50 }
  expect(nothing.key).toBe('cpu')
  expect(columns.map((column) => cellText(column, row))).toEqual(['a', '–'])
  const written: Column<Row> = { key: 'n', label: '', widthPx: 9, text: ({ name }) => `«${name}»` }
  expect(cellText(written, row)).toBe('«a»')
  expect(cellText({ ...written, text: () => '' }, row)).toBe('–')
})

const keys = (some: readonly Column<Row>[]) => some.map(({ key }) => key)

it('scrolls below the sum of its columns', () =>
  expect(layoutOf(columns, [28], 0)).toEqual({
    tracks: '28px 100px 50px',
    minWidthPx: 178,
    widths: [100, 50],
    leftPx: new Map(),
    pinnedPx: 28,
  }))

it('gives what is left to cut texts first, then to what grows', () => {
  const [name, cpu] = columns as [Column<Row>, Column<Row>]
  const wanting = [
    { ...name, wantPx: 160 },
    { ...cpu, wantPx: 80, grow: true },
  ]
  expect(widthsOf(wanting, 120)).toEqual([100, 50])
  expect(widthsOf(wanting, 195)).toEqual([130, 65])
  expect(widthsOf(wanting, 241)).toEqual([160, 81])
  expect(widthsOf([{ ...name, wantPx: 160 }, cpu], 301)).toEqual([251, 50])
  expect(widthsOf([cpu], 300)).toEqual([50])
})

it('pins columns one behind the other, as wide as they are', () => {
  const pinned = columns.map((column) => ({ ...column, grow: true, pinned: true }))
  const layout = layoutOf(pinned, [34, 28], 313)
  expect(layout.tracks).toBe('34px 28px 150px 101px')
  expect([...layout.leftPx]).toEqual([
    ['name', 62],
    ['cpu', 212],
  ])
  expect(layout.pinnedPx).toBe(313)
})

it('arranges columns as a person wishes; a new one stands behind its neighbour', () => {
  const more = [...columns, { key: 'mem', label: '', widthPx: 50, text: () => '' }]
  expect(keys(inOrder(more, ['cpu', 'name']))).toEqual(['cpu', 'mem', 'name'])
  const wish = { order: ['gone', 'mem'], hidden: ['name'], pinned: ['cpu'] }
  expect(keys(arranged(more, wish))).toEqual(['cpu', 'mem'])
})

it('moves a column within the ends', () => {
  expect(moved(['a', 'b', 'c'], 'a', 1)).toEqual(['b', 'a', 'c'])
  expect(moved(['a', 'b', 'c'], 'c', -1)).toEqual(['c', 'a', 'b'])
  expect(moved(['a', 'b', 'c'], 'a', 9)).toEqual(['b', 'c', 'a'])
})
