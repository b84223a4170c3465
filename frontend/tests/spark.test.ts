// Small lines.
import { expect, it } from 'vitest'
import { growthOf, sparkPath } from '@/ui/spark'

it('goes from zero to the largest value', () =>
  expect(sparkPath([0, 5, 10], 20, 10)).toBe('M0.0 10.0L10.0 5.0L20.0 0.0'))

it('leaves gaps, and shows a value that stands alone', () =>
  expect(sparkPath([10, null, 10, 10, null], 40, 10)).toBe('M0.0 0.0h2M20.0 0.0L30.0 0.0'))

it('is nothing where nothing is known', () => {
  expect(sparkPath([null, null], 20, 10)).toBe('')
  expect(growthOf([null, 3, null])).toBeNull()
  expect(growthOf(undefined)).toBeNull()
})

it('tells growth between the first and last known value', () =>
  expect(growthOf([null, 10, 400, 15, null])).toBe(1.5))
