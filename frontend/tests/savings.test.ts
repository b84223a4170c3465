// Advice: which counts can be accepted, how sure it is, the load that each pod had.
import { expect, it, vi } from 'vitest'
import type { Advice } from '@/api/types'
import { loadLines } from '@/features/savings/load'

vi.stubGlobal('window', { location: { origin: 'http://localhost' } })
const { countOf, itemsOf } = await import('@/features/savings/accepting')
const { levelOf } = await import('@/features/savings/useAdviceWords')

const advice: Advice = {
  namespace: 'shop',
  kind: 'Deployment',
  name: 'cart',
  id: 'a'.repeat(32),
  at: '2026-11-28T00:00:00.000Z',
  verdict: 'fewer',
  replicas_now: 9,
  replicas_needed: 5,
  replicas_advised: 7,
  replicas_available: 3,
  binding: 'cpu',
  confidence: 0.8,
  as_of: '2026-11-27',
  next_step_after: null,
  bounds: [],
  facts: [],
  saving: null,
  not_because: [],
  of_least: false,
  version: '5',
  load: [],
  ai: null,
}

it.each([
  ['7', 7],
  ['3', 3],
  ['2', null],
  ['', null],
  ['7.5', null],
])('takes %j as %j: disruptions need three', (text, count) =>
  expect(countOf(text, advice)).toBe(count),
)

it('accepts none where one count is wrong', () => {
  const other = { ...advice, id: 'b'.repeat(32), name: 'pay', replicas_available: null }
  const typed = { [advice.id]: '7', [other.id]: '1' }
  expect(itemsOf([advice, other], typed)?.map(({ replicas }) => replicas)).toEqual([7, 1])
  expect(itemsOf([advice, other], { ...typed, [advice.id]: '2' })).toBeNull()
})

it.each([
  [0.59, 'low'],
  [0.6, 'medium'],
  [0.8, 'high'],
] as const)('calls a confidence of %d %s', (confidence, level) =>
  expect(levelOf(confidence)).toBe(level),
)

it('shares requests by the pods of their day; a day whose pods are not known is a gap', () => {
  const days = ['2026-11-26', '2026-11-27']
  const trend = {
    days: [{ date: '2026-11-26', pod_count: 4 }],
    traffic: days.map((date) => ({ date, qps_p95: 100 })),
  }
  const [load, proved] = loadLines(days, trend, 48, { load: 'load', proved: 'proved' })
  expect(load?.values).toEqual([25, null])
  expect(proved?.values).toEqual([48, 48])
})
