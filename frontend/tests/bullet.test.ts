// What a bullet bar says, and where its marks stand.
import { expect, it } from 'vitest'
import { positionOf, roundEnd, scaleOf, verdictOf } from '@/ui/bullet'

it.each([
  [{ used: null, request: 100, limit: 200 }, 'unknown'],
  [{ used: 50, request: null, limit: null }, 'unknown'],
  [{ used: 180, request: 200, limit: 200 }, 'risk'],
  [{ used: 180, request: null, limit: 200 }, 'risk'],
  [{ used: 120, request: 100, limit: 400 }, 'under'],
  [{ used: 50, request: 100, limit: 400 }, 'waste'],
  [{ used: 0, request: 1, limit: null }, 'fine'],
  [{ used: 80, request: 100, limit: 400 }, 'fine'],
  [{ used: 80, request: 100, limit: null }, 'fine'],
])('%o is %s', (bullet, verdict) => expect(verdictOf(bullet)).toBe(verdict))

it('shares a scale that one giant does not flatten', () => {
  const small = Array.from({ length: 200 }, () => ({ used: 10, request: 20, limit: 40 }))
  expect(scaleOf([...small, { used: 9000, request: 9000, limit: null }])).toBe(40)
  expect(scaleOf([{ used: 10, request: 20, limit: 40 }])).toBe(40)
  expect(scaleOf([])).toBe(1)
})

it('keeps every mark on the drawing', () => {
  expect(positionOf(0, 100, 'root')).toBe(0)
  expect(positionOf(25, 100, 'root')).toBe(50)
  expect(positionOf(25, 100, 'linear')).toBe(25)
  expect(positionOf(400, 100, 'linear')).toBe(100)
  expect(positionOf(-5, 100, 'linear')).toBe(0)
})

it.each([
  [6329, 1, 10_000],
  [1706, 1, 2000],
  [210, 1, 250],
  [3, 1, 5],
  [0, 1, 1],
  [3507, 1024, 5 * 1024],
  [1024, 1024, 1024],
])('ends a scale for %i, counted by %i, at %i', (value, unit, end) =>
  expect(roundEnd(value, unit)).toBe(end),
)
