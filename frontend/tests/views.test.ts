// Views of the services table: what an address tells, and back.
import { expect, it } from 'vitest'
import {
  arrangementOf,
  columnsText,
  sameView,
  viewOf,
  withView,
} from '@/features/services/views/views'

const columns = ['name', 'namespace', 'cpu', 'mem'].map((key) => ({
  key,
  label: key,
  widthPx: 10,
  text: () => key,
}))

it('takes of an address what makes a view', () => {
  const query = { q: 'pay', sort: '-cpu', flag: '', env: 'east', columns: ['a', 'b'] }
  expect(viewOf(query)).toEqual({ q: 'pay', sort: '-cpu' })
})

it('tells columns in an address and takes them back', () => {
  const chosen = { order: ['name', 'mem', 'cpu'], hidden: ['cpu'], pinned: ['mem'] }
  const text = columnsText(columns, chosen)
  expect(text).toBe('name,namespace,mem!')
  const back = arrangementOf(columns, text)
  expect(back).toEqual({
    order: ['name', 'namespace', 'mem'],
    hidden: ['cpu'],
    pinned: ['mem'],
  })
  expect(columnsText(columns, back)).toBe(text)
})

it('passes over columns that there are not, and never hides the first', () => {
  expect(arrangementOf(columns, 'gone,mem,mem,')).toEqual({
    order: ['name', 'mem'],
    hidden: ['namespace', 'cpu'],
    pinned: [],
  })
})

it('knows a view again, and keeps one of each name', () => {
  expect(sameView({ q: 'a' }, { q: 'a', sort: '' })).toBe(true)
  expect(sameView({ q: 'a' }, { q: 'a', sort: 'name' })).toBe(false)
  const views = withView([{ name: 'b', query: { q: '1' } }], { name: 'a', query: {} })
  expect(withView(views, { name: 'b', query: { q: '2' } })).toEqual([
    { name: 'a', query: {} },
    { name: 'b', query: { q: '2' } },
  ])
})
