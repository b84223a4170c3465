// Drafts: what is a change, what is sent.
import { expect, it } from 'vitest'
import {
  editOf,
  countChanges,
  MAX_VALUE,
  parseCell,
  withChange,
  type Change,
  type Draft,
} from '@/features/services/edit/drafts'

const service = { env: 'e', namespace: 'n', deployment: 'd' }
const empty: Draft = { service, version: '7', changes: [] }
const replicas = (before: number | null, after: number | null): Change => ({
  container: null,
  field: 'replicas_manual',
  shown: before,
  before,
  after,
})
const limit = (container: string, after: number | null): Change => ({
  container,
  field: 'limit_cpu_m',
  shown: 500,
  before: null,
  after,
})

it.each([
  ['', { value: null }],
  ['  ', { value: null }],
  ['0', { value: 0 }],
  [' 12 ', { value: 12 }],
  ['-3', { error: 'whole' }],
  ['2.5', { error: 'whole' }],
  ['1e3', { error: 'whole' }],
  ['１２', { error: 'whole' }],
  [String(MAX_VALUE), { value: MAX_VALUE }],
  [String(MAX_VALUE + 1), { error: 'large' }],
])('%j is read as %o', (text, parsed) => expect(parseCell(text)).toEqual(parsed))

it('remembers the first value before, however often a cell is changed', () => {
  const draft = withChange(withChange(empty, replicas(2, 5)), replicas(5, 9))
  expect(draft.changes).toEqual([replicas(2, 9)])
})

it('takes a change away when the old value is typed again', () => {
  expect(withChange(withChange(empty, replicas(null, 5)), replicas(5, null)).changes).toEqual([])
})

it('knows cells of different containers apart', () => {
  const draft = withChange(withChange(empty, limit('app', 800)), limit('envoy', 100))
  expect(countChanges([draft])).toEqual({ changes: 2, services: 1 })
  expect(editOf(draft)).toEqual({
    containers: [
      { name: 'app', limit_cpu_m: 800 },
      { name: 'envoy', limit_cpu_m: 100 },
    ],
  })
})

it('sends just what changed, and null where a value is cleared', () => {
  expect(editOf(withChange(empty, replicas(4, null)))).toEqual({ replicas_manual: null })
  expect(editOf(withChange(empty, limit('app', 800)))).toEqual({
    containers: [{ name: 'app', limit_cpu_m: 800 }],
  })
})
