// Numbers as people read them.
import { describe, expect, it } from 'vitest'
import { countText, cpuText, memText, percentOf, percentText } from '@/ui/units'

describe('cpu', () => {
  it.each([
    [null, '–'],
    [0, '0 m'],
    [250, '250 m'],
    [999, '999 m'],
    [1000, '1 cores'],
    [1500, '1.5 cores'],
    [10_980, '10.98 cores'],
    [120_000, '120 cores'],
    [1_200_000, '1,200 cores'],
  ])('%s millicores are %s', (millicores, text) => expect(cpuText(millicores, 'cores')).toBe(text))
})

describe('memory', () => {
  it.each([
    [undefined, '–'],
    [0, '0 MiB'],
    [512, '512 MiB'],
    [10_239, '10,239 MiB'],
    [10_240, '10 GiB'],
    [15_360, '15 GiB'],
    [13_000, '12.7 GiB'],
    [1_926_144, '1,881 GiB'],
  ])('%s MiB are %s', (mib, text) => expect(memText(mib)).toBe(text))
})

it('writes all values of an axis in the unit of the largest', () => {
  expect([0, 5120, 20_480].map((mib) => memText(mib, 20_480))).toEqual(['0 GiB', '5 GiB', '20 GiB'])
  expect([0, 500, 1500].map((m) => cpuText(m, 'cores', 1500))).toEqual([
    '0 cores',
    '0.5 cores',
    '1.5 cores',
  ])
  expect(memText(512, 2048)).toBe('512 MiB')
})

it('unknown is never 0', () => {
  expect(countText(null)).toBe('–')
  expect(percentText(undefined)).toBe('–')
  expect(percentOf(null, 5)).toBeNull()
  expect(percentOf(5, 0)).toBeNull()
})

it('keeps the zeros of whole numbers', () => {
  expect(percentText(100)).toBe('100 %')
  expect(percentText(9.96)).toBe('10 %')
  expect(percentText(0.25)).toBe('0.3 %')
  expect(countText(1_000_000)).toBe('1,000,000')
})
