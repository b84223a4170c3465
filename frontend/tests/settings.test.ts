// Settings: peak hours in windows, values as they are typed and sent.
import { expect, it } from 'vitest'
import { readPeakHours, WEEKDAYS, writePeakHours } from '@/features/settings/peakHours'
import { readNumbers, writeNumbers } from '@/features/settings/numbers'
import { sameValue, sentOf } from '@/features/settings/value'

const EVERY = [...WEEKDAYS]

it.each([
  ['10:00-11:30', [{ start: '10:00', end: '11:30', days: EVERY }]],
  [
    '10:00-11:30 mon-wed; 20:00-22:00 sat,sun',
    [
      { start: '10:00', end: '11:30', days: ['mon', 'tue', 'wed'] },
      { start: '20:00', end: '22:00', days: ['sat', 'sun'] },
    ],
  ],
  ['22:00-01:00 sat-mon', [{ start: '22:00', end: '01:00', days: ['mon', 'sat', 'sun'] }]],
])('reads %s', (text, windows) => expect(readPeakHours(text)).toEqual(windows))

it.each(['', 'always', '10:00-11:30 someday', '10:00'])('leaves %o as text', (text) =>
  expect(readPeakHours(text)).toBeNull(),
)

it('keeps a half-typed clock, for the API to judge', () =>
  expect(writePeakHours(readPeakHours('1-25:99') ?? [])).toBe('1-25:99'))

it('writes what the API reads, and names days only where not all count', () =>
  expect(
    writePeakHours([
      { start: '10:00', end: '11:30', days: ['mon', 'tue'] },
      { start: '20:00', end: '22:00', days: EVERY },
    ]),
  ).toBe('10:00-11:30 mon,tue; 20:00-22:00'))

it('sends numbers as numbers, and what is none as it was typed', () => {
  expect(sentOf('integer', ' 14 ')).toBe(14)
  expect(sentOf('number', '2.5')).toBe(2.5)
  expect(sentOf('integer', 'many')).toBe('many')
  expect(sentOf('integer', '')).toBe('')
  expect(sentOf('text', '14')).toBe('14')
  expect(sentOf('choices', ['b', 'a'])).toEqual(['b', 'a'])
})

it('sees no change in another order', () => {
  expect(sameValue(['b', 'a'], ['a', 'b'])).toBe(true)
  expect(sameValue(['a'], ['a', 'b'])).toBe(false)
  expect(sameValue('14 ', '14')).toBe(true)
})

const NUMBERS = ['days', 'kept_share'].map((name) => ({ name, default: 1, least: 0, most: 9 }))

it('reads numbers by name, and writes those that are set in the order of the names', () => {
  expect(readNumbers('kept_share=0.8,  days=14')).toEqual({ kept_share: '0.8', days: '14' })
  expect(writeNumbers(NUMBERS, { kept_share: ' 0.8 ', days: '14' })).toBe('days=14 kept_share=0.8')
  expect(writeNumbers(NUMBERS, { days: '', kept_share: '0,8' })).toBe('kept_share=0,8')
})

it('keeps what nobody knows, for the API to say so', () =>
  expect(writeNumbers(NUMBERS, readNumbers('odd=1 days=2'))).toBe('days=2 odd=1'))
