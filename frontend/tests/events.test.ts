// Of which time events are asked for, what marks a day, and rules as text and as fields.
import { describe, expect, it } from 'vitest'
import { timeOf, warningsByDay } from '@/features/events/when'
import { NO_RULE, readEventRules, writeEventRules } from '@/features/settings/eventRules'

describe('timeOf', () => {
  it('is a day, some days, or the last 24 hours', () => {
    expect(timeOf('2026-11-28')).toEqual({ day: '2026-11-28' })
    expect(timeOf('30')).toEqual({ days: 30 })
    expect(timeOf('')).toEqual({})
    expect(timeOf('31')).toEqual({})
  })
})

describe('warningsByDay', () => {
  it('puts the warnings of a day in one line and leaves out what is normal', () => {
    const of = (day: string, type: string, reason: string, events: number) => ({
      day,
      type,
      reason,
      events,
    })
    const items = [
      of('2026-11-27', 'Normal', 'Pulled', 9),
      of('2026-11-28', 'Warning', 'BackOff', 3),
      of('2026-11-28', 'Warning', 'Unhealthy', 1),
    ]
    expect(warningsByDay(items)).toEqual([{ day: '2026-11-28', text: 'BackOff 3, Unhealthy 1' }])
  })
})

describe('rules of events', () => {
  const text =
    'type=Warning reason=BackOff|Failed.* namespace=prod-.* count=5 in=10m mention=@here <!x>'

  it('are read into fields and written as they were', () => {
    const rules = readEventRules(`${text}; kind=Node`)
    expect(rules?.[0]).toMatchObject({
      type: 'Warning',
      reason: 'BackOff|Failed.*',
      count: '5',
      minutes: '10',
      mention: '@here <!x>',
    })
    expect(rules?.[1]).toEqual({ ...NO_RULE, type: '', kind: 'Node' })
    expect(writeEventRules(rules ?? [])).toBe(`${text}; kind=Node`)
    expect(readEventRules('')).toEqual([])
  })

  it('stay text where there is no field for what they say', () => {
    expect(readEventRules('reasons=BackOff')).toBeNull()
    expect(readEventRules('reason=')).toBeNull()
    expect(readEventRules('in=2h')).toBeNull()
  })

  it('are never broken apart by what is typed', () => {
    const typed = { ...NO_RULE, reason: 'Back Off;', mention: 'a; type=Normal' }
    expect(writeEventRules([typed, { ...NO_RULE, type: '' }])).toBe(
      'type=Warning reason=BackOff mention=a type=Normal',
    )
  })
})
