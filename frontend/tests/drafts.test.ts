// Drafts: what is a change, what is sent.
import { expect, it } from 'vitest'
import {
  boundOf,
  breaks,
  editOf,
  countChanges,
  MAX_VALUE,
  parseCell,
  withChange,
  type Change,
  type Draft,
} from '@/features/services/edit/drafts'
import { container, NONE } from './support/services'
import { countText, cpuText, memText } from '@/ui/units'

const service = { env: 'e', namespace: 'n', name: 'd' }
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
  ['1,200', { value: 1200 }],
  ['9 999 999', { value: 9_999_999 }],
  ['1,20', { error: 'whole' }],
  ['500m', { error: 'whole' }],
  ['-3', { error: 'whole' }],
  ['2.5', { error: 'whole' }],
  ['1e3', { error: 'whole' }],
  ['１２', { error: 'whole' }],
  [String(MAX_VALUE), { value: MAX_VALUE }],
  [String(MAX_VALUE + 1), { error: 'large' }],
])('%j is read as %o', (text, parsed) => expect(parseCell(text)).toEqual(parsed))

it.each([
  ['500m', 500],
  ['500 m', 500],
  ['2 cores', 2000],
  ['1.26 cores', 1260],
  ['1.5 核', 1500],
  ['1,200', 1200],
])('%j of cpu is %i m', (text, value) => expect(parseCell(text, 'cpu')).toEqual({ value }))

it.each([
  ['512Mi', 512],
  ['1.5Gi', 1536],
  ['12.7 GiB', 13_005],
  ['10,239 MiB', 10_239],
  ['2048Ki', 2],
])('%j of memory is %i MiB', (text, value) => expect(parseCell(text, 'mem')).toEqual({ value }))

it('refuses a unit of something else, and part of a millicore, in words of the field', () => {
  expect(parseCell('1.5Gi', 'cpu')).toEqual({ error: 'cpu' })
  expect(parseCell('0.5', 'cpu')).toEqual({ error: 'cpu' })
  expect(parseCell('2 cores', 'mem')).toEqual({ error: 'mem' })
})

it('knows the request that a limit may not be below: derived, entered or being edited', () => {
  const derived = container('app', 100, 300, 400)
  const cell = limit('app', 200)
  const bound = (one: typeof derived, draft?: Draft) => boundOf({ containers: [one] }, cell, draft)
  expect(bound(derived)).toEqual({ kind: 'belowRequest', value: 300 })
  expect(bound({ ...derived, expert: { ...NONE, request_cpu_m: 150 } })?.value).toBe(150)
  const lowered = withChange(empty, { ...cell, field: 'request_cpu_m', after: 120 })
  expect(bound(derived, lowered)?.value).toBe(120)
  expect(breaks(299, { kind: 'belowRequest', value: 300 })).toBe(true)
  expect(breaks(300, { kind: 'belowRequest', value: 300 })).toBe(false)
  const request = { ...cell, field: 'request_cpu_m' as const }
  expect(boundOf({ containers: [derived] }, request, undefined)).toEqual({
    kind: 'aboveLimit',
    value: 400,
  })
  expect(boundOf({ containers: [derived] }, replicas(1, 2), undefined)).toBeNull()
})

it('reads back what the table writes', () => {
  for (const m of [0, 999, 1000, 17_300, 1_200_000]) {
    expect(parseCell(countText(m), 'cpu')).toEqual({ value: m })
    expect(parseCell(cpuText(m, 'cores'), 'cpu')).toEqual({ value: m })
  }
  for (const mib of [512, 10_240, 15_360])
    expect(parseCell(memText(mib), 'mem')).toEqual({ value: mib })
})

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
