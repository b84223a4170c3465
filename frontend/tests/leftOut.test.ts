// What was left out, by reason and thing.
import { expect, it } from 'vitest'
import { byReason, type LeftOutEntry } from '@/features/collection/leftOut'

const entry = (over: Partial<LeftOutEntry>): LeftOutEntry => ({
  reason: 'no_owner',
  namespace: 'shop',
  name: 'toolbox',
  count: 1,
  ...over,
})

it('tells a thing once, with the days that it was left out of', () => {
  const days = ['2026-11-19', '2026-11-20']
  const [group] = byReason(days.map((date, index) => entry({ date, count: index + 1 })))
  expect(group?.lines).toEqual([{ name: 'shop/toolbox', count: 2, days }])
})

it('keeps reasons apart and puts those without a name last', () => {
  const groups = byReason([
    entry({ namespace: '', name: '', count: 7 }),
    entry({ reason: 'odd_interval', namespace: '', name: '45 s' }),
    entry({}),
    entry({ namespace: '', name: '', count: 3 }),
  ])
  expect(groups.map(({ reason }) => reason)).toEqual(['no_owner', 'odd_interval'])
  expect(groups[0]?.lines.map(({ name, count }) => [name, count])).toEqual([
    ['shop/toolbox', 1],
    ['', 10],
  ])
  expect(groups.map(({ count }) => count)).toEqual([11, 1])
  expect(groups[1]?.lines).toEqual([{ name: '45 s', count: 1, days: [] }])
})

it('has nothing to tell of nothing', () => {
  expect(byReason([])).toEqual([])
})
