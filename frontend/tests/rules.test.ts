// A rule as settings, its place in the scatter, and the hours of a day as cells.
import { describe, expect, it } from 'vitest'
import type { Setting } from '@/api/types'
import { inPeak, strengthOf } from '@/features/rules/heat'
import {
  hasException,
  letterOf,
  marksOf,
  sameRule,
  ticks,
  undoOf,
  withOwnPeak,
  writesOf,
} from '@/features/rules/rule'

const RULE = {
  request_rule: 'peak_day',
  lookback_days: 10,
  margin_pct: 0,
  hold_fall_pct: 0,
  memory_rule: 'p95',
  memory_margin_pct: 0,
  own_peak_hours: 4,
} as const

function setting(key: Setting['key'], value: Setting['value'], more: Partial<Setting> = {}) {
  return {
    key,
    value,
    group: 'derivation',
    kind: 'text',
    description: '',
    unit: '',
    least: null,
    most: null,
    choices: [],
    numbers: [],
    environment: value,
    source: 'environment',
    complaint: null,
    version: '0',
    updated_at: null,
    updated_by: '',
    ...more,
  } satisfies Setting
}
const SETTINGS = [
  setting('request_rule', 'peak_day'),
  setting('margin_pct', 0),
  setting('rule_exceptions', ''),
  setting('peak_hours', '10:00-11:30'),
]

describe('what is written for a rule to hold', () => {
  it('is what differs, and nothing else', () => {
    const rule = { ...RULE, margin_pct: 10 }
    expect(writesOf(SETTINGS, RULE, null)).toEqual([])
    expect(writesOf(SETTINGS, RULE, '')).toEqual([])
    const keys = writesOf(SETTINGS, rule, 'shop/.*: fleet').map((one) => [
      one.setting.key,
      one.value,
    ])
    expect(keys).toEqual([
      ['margin_pct', 10],
      ['rule_exceptions', 'shop/.*: fleet'],
    ])
    expect(sameRule(rule, RULE)).toBe(false)
  })

  it('is undone to what stood before: the stored value, or none', () => {
    const after = setting('margin_pct', 10, { version: '7', source: 'stored' })
    const stored = setting('margin_pct', 5, { source: 'stored', version: '3' })
    expect(undoOf([{ before: setting('margin_pct', 0), after }])).toEqual([
      { setting: after, value: null },
    ])
    expect(undoOf([{ before: stored, after }])).toEqual([{ setting: after, value: 5 }])
  })
})

describe('exceptions', () => {
  it('come first, so that they hold, and are known again', () => {
    const text = withOwnPeak('.*: careful', 'team.a')
    expect(text).toBe('team\\.a/.*: own_peak; .*: careful')
    expect(hasException(text, 'team.a')).toBe(true)
    expect(hasException(text, 'team')).toBe(false)
    expect(withOwnPeak('', 'shop')).toBe('shop/.*: own_peak')
  })
})

describe('the scatter', () => {
  const plot = { width: 100, height: 100, left: 0, right: 0, top: 0, bottom: 0 }
  it('has one mark for rules that would cover each other, and none for what is unknown', () => {
    const outcomes = [
      { cores: 5, bad_days_pct: 10 },
      { cores: 5.01, bad_days_pct: 10 },
      { cores: 10, bad_days_pct: 0 },
      { cores: 1, bad_days_pct: null },
    ]
    expect(marksOf(outcomes, plot, { cores: 10, bad: 20 })).toEqual([
      { indices: [0, 1], x: 50, y: 50 },
      { indices: [2], x: 100, y: 100 },
    ])
    expect([0, 4].map(letterOf)).toEqual(['A', 'E'])
  })

  it('has round ticks that take in the largest', () => {
    expect(ticks(9.3)).toEqual([0, 2, 4, 6, 8, 10])
    expect(ticks(100).at(-1)).toBe(100)
    expect(ticks(0)).toEqual([0, 1])
    expect(ticks(Number.NaN)).toEqual([0, 1])
  })
})

describe('the hours of a day', () => {
  it('are as strong as their share of the largest', () => {
    expect([0, 5, 10, null].map((cores) => strengthOf(cores, 10))).toEqual([0, 3, 5, null])
    expect(strengthOf(0, 0)).toBe(0)
  })

  it('are peak hours on the weekdays that count, and after midnight of the day before', () => {
    const [sunday, monday] = ['2026-11-22', '2026-11-23']
    const hours = (text: string, date: string) =>
      Array.from({ length: 24 }, (_, hour) => hour).filter((hour) => inPeak(text, date, hour))
    expect(hours('10:00-11:30', sunday)).toEqual([10, 11])
    expect(hours('10:00-11:30 mon-fri', sunday)).toEqual([])
    expect(hours('22:30-01:00 sun', sunday)).toEqual([22, 23])
    expect(hours('22:30-01:00 sun', monday)).toEqual([0])
    expect(hours('23:00-24:00', monday)).toEqual([23])
    expect(hours('nonsense', monday)).toEqual([])
  })
})
