// What a schedule's form sends, what it makes of a stored one, and which days a calendar shows.
import { describe, expect, it } from 'vitest'
import type { ScheduleSummary } from '@/api/types'
import { boundsOf, byDay, daysOf, moved } from '@/features/schedules/calendar'
import { differing, merged, suggested } from '@/features/schedules/conflict'
import { cronWords } from '@/features/schedules/cronWords'
import { cronOf, daysOfCron } from '@/features/schedules/days'
import {
  formOf,
  newForm,
  scheduleFaults,
  scheduleOf,
  whyNotSaved,
  wrongLine,
  type Found,
  type ScheduleForm,
} from '@/features/schedules/form'
import { meeting } from '@/features/schedules/meeting'
import { localMinute, momentOf, startOf } from '@/ui/zoned'

const NOW = new Date('2026-01-15T12:00:00Z')
const ZONE = 'Asia/Shanghai'
const CART = { namespace: 'shop', name: 'cart' }
const filled = () => ({
  ...newForm([CART], 'Asia/Shanghai'),
  name: 'Evening',
  amount: { count: 'number' as const, replicas: '4', least: '', most: '' },
})

const stored = (changes: Partial<ScheduleSummary>): ScheduleSummary => ({
  id: 'one',
  env: 'prod',
  name: 'Evening',
  kind: 'scale',
  targets: [{ ...CART, replicas: 4, autoscaler_bounds: null }],
  selector: null,
  once_at: null,
  cron: '0 20 * * *',
  timezone: 'Asia/Shanghai',
  enabled: true,
  state: 'waiting',
  next_run: null,
  last_run: null,
  misfire: 'run_late',
  grace_s: 90,
  pause_s: 3,
  stop_on_error: false,
  wait_rollout: true,
  rollback_on_failure: true,
  rollout_timeout_s: null,
  for_s: 5400,
  until_cron: null,
  version: '7',
  updated_at: '2026-01-01T00:00:00Z',
  updated_by: 'li.wei',
  ...changes,
})

describe('the form of a schedule', () => {
  it('sends named services with their count', () => {
    expect(scheduleFaults(filled(), NOW)).toEqual({})
    const sent = scheduleOf(filled(), true)
    expect(sent.targets).toEqual([{ ...CART, replicas: 4, autoscaler_bounds: null }])
    expect(sent).toMatchObject({ cron: '0 22 * * 1-5', misfire: 'skip', grace_s: 0 })
    expect(sent).toMatchObject({ for_s: null, until_cron: null })
    expect(sent).not.toHaveProperty('selector')
    expect(sent).not.toHaveProperty('once_at')
  })

  it('sends a selector in the place of names', () => {
    const form = {
      ...filled(),
      whom: 'selector' as const,
      namespaces: 'shop, pay',
      pattern: 'web-*',
    }
    const sent = scheduleOf(form, true)
    expect(sent.selector).toMatchObject({ namespaces: ['shop', 'pay'], name: 'web-*', replicas: 4 })
    expect(sent).not.toHaveProperty('targets')
  })

  it('has no services until some are chosen', () => {
    const { lines } = scheduleFaults({ ...newForm([], 'UTC'), name: 'Night' }, NOW)
    expect(lines).toBe('schedules.wrongLine')
    const every = { ...filled(), whom: 'selector' as const, pattern: '*' }
    expect(scheduleFaults(every, NOW)).toEqual({})
  })

  it('says which line names no service', () => {
    expect(wrongLine('shop/cart\ncart')).toBe('cart')
    expect(wrongLine('shop/cart = 3\nshop/pay=2-8')).toBeNull()
    expect(scheduleFaults({ ...filled(), lines: 'cart' }, NOW)).toHaveProperty('lines')
    expect(scheduleFaults({ ...filled(), lines: '' }, NOW)).toHaveProperty('lines')
  })

  it.each([
    ['name', { name: ' ' }],
    ['onceAt', { when: 'once' as const, onceAt: '2026-01-15T19:59' }],
    ['onceAt', { when: 'once' as const, onceAt: '' }],
    ['cron', { when: 'cron' as const, cron: '@daily' }],
    ['cron', { when: 'cron' as const, cron: '0 0 3 * * *' }],
    ['days', { days: [] }],
    ['days', { time: '25:00' }],
    ['back', { temporary: true, backDays: [] }],
    ['back', { temporary: true, backTime: '22:00' }],
    ['back', { temporary: true, back: 'cron' as const, backCron: '@daily' }],
    [
      'back',
      { temporary: true, amount: { count: 'table' as const, replicas: '', least: '', most: '' } },
    ],
    ['selector', { whom: 'selector' as const }],
    ['selector', { whom: 'selector' as const, labels: ' ' }],
    ['hours', { temporary: true, back: 'hours' as const, hours: '0' }],
    ['grace', { misfire: 'run_late' as const, graceMinutes: 'x' }],
  ])('tells a wrong %s', (field, change) => {
    expect(scheduleFaults({ ...filled(), ...change }, NOW)).toHaveProperty(field)
  })

  it('gives a stored schedule back as it was', () => {
    const one = stored({})
    const sent = scheduleOf(formOf(one, ''), one.enabled)
    expect(one).toMatchObject({ ...sent, selector: null })
  })

  it('sends down at night and up in the morning as one, and gives it back as it was', () => {
    const sent = scheduleOf({ ...filled(), temporary: true }, true)
    expect(sent).toMatchObject({ cron: '0 22 * * 1-5', until_cron: '0 7 * * 1-5', for_s: null })
    const pair = stored({ cron: '0 22 * * 1-5', until_cron: '0 7 * * 1-5', for_s: null })
    expect(formOf(pair, '')).toMatchObject({ when: 'days', back: 'days', backTime: '07:00' })
    const odd = stored({ cron: '0 22 1 * *', until_cron: '0 7 2 * *', for_s: null })
    for (const one of [pair, odd])
      expect(one).toMatchObject({ ...scheduleOf(formOf(one, ''), true), selector: null })
  })

  it('says why it can not be saved: also that a selector finds nothing', () => {
    const why = (change: Partial<ScheduleForm>, found: Found, base: ScheduleForm | null = null) => {
      const form = { ...filled(), ...change }
      return whyNotSaved(form, scheduleFaults(form, NOW), found, base)
    }
    const selector = { whom: 'selector' as const, pattern: 'web-*' }
    expect(why({}, 'looking')).toBe('')
    expect(why({ name: '' }, 0)).toBe('schedules.wrongName')
    expect(why(selector, 'looking')).toBe('schedules.looking')
    expect(why(selector, 0)).toBe('schedules.noneFound')
    expect(why(selector, 0, { ...filled(), ...selector })).toBe('')
    expect(why(selector, 'unknown')).toBe('')
    expect(why(selector, 3)).toBe('')
  })

  it('keeps the counts and bounds that services have of their own', () => {
    const targets = [
      { ...CART, replicas: 4, autoscaler_bounds: null },
      { namespace: 'shop', name: 'pay', replicas: null, autoscaler_bounds: null },
      {
        namespace: 'shop',
        name: 'web',
        replicas: null,
        autoscaler_bounds: { min_replicas: 2, max_replicas: 8 },
      },
    ]
    expect(scheduleOf(formOf(stored({ targets }), ''), true).targets).toEqual(targets)
  })
})

describe('a schedule that somebody else changed meanwhile', () => {
  const base = formOf(stored({}), '')
  const mine = { ...base, name: 'Mine', graceMinutes: '5' }
  const theirs = { ...base, name: 'Theirs', time: '21:00' }

  it('tells what differs, and whose change it is', () => {
    expect(differing(mine, theirs)).toEqual(['name', 'when', 'misfire'])
    const whose = differing(mine, theirs).map((name) => suggested(base, mine, name))
    expect(whose).toEqual(['mine', 'theirs', 'mine'])
  })

  it('takes of theirs what was chosen', () => {
    const chosen = merged(mine, theirs, new Set(['when'] as const))
    expect(chosen).toMatchObject({ name: 'Mine', time: '21:00', graceMinutes: '5' })
  })
})

describe('schedules that meet on a service', () => {
  const mine = { id: 'mine', kind: 'scale' as const }
  const selector = { namespaces: ['shop'], labels: '', name: 'ca?t*', replicas: 1 }
  const whole = { ...selector, autoscaler_bounds: null }
  it.each([
    ['named ones', {}, true],
    ['a selector', { targets: null, selector: whole }, true],
    ['another namespace', { targets: null, selector: { ...whole, namespaces: ['pay'] } }, false],
    [
      'labels, of which only the cluster knows',
      { targets: null, selector: { ...whole, labels: 'a' } },
      false,
    ],
    ['itself', { id: 'mine' }, false],
    ['a paused one', { enabled: false }, false],
    ['another kind', { kind: 'restart' as const }, false],
  ])('are found: %s', (_, change, met) => {
    const found = meeting([stored(change)], mine, [{ namespace: 'shop', name: 'pay' }, CART])
    expect(found.map(({ service }) => service)).toEqual(met ? [CART] : [])
  })
})

describe('weekdays and a time', () => {
  it.each([
    ['0 22 * * 1-5', [1, 2, 3, 4, 5], '22:00'],
    ['5 7 * * *', [1, 2, 3, 4, 5, 6, 0], '07:05'],
    ['30 3 * * 1,3,5-7', [1, 3, 5, 6, 0], '03:30'],
    ['0 9 * * 6,0', [6, 0], '09:00'],
  ] as const)('are what %s says', (cron, days, time) => {
    expect(daysOfCron(cron)).toEqual({ days, time })
    expect(cronOf({ days: [...days], time })).toBe(cron)
  })

  it.each(['0 22 1 * *', '*/5 * * * *', '0 22 * * 5-1', '61 1 * * *', '@daily', ''])(
    'are not what %s says',
    (cron) => expect(daysOfCron(cron)).toBeNull(),
  )
})

describe('a cron expression in words', () => {
  it.each([
    ['en', 'At 09:00, Monday through Friday'],
    ['zh-CN', '在09:00, 星期一至星期五'],
  ])('is read in %s', async (language, words) => {
    expect(await cronWords('0 9 * * 1-5', language)).toBe(words)
  })

  it('is empty for half an expression', async () => {
    expect(await cronWords('0 9 *', 'en')).toBe('')
  })
})

describe('the calendar', () => {
  it('shows a month in whole weeks from Monday', () => {
    const days = daysOf('2026-02-10', 'month')
    expect([days[0], days.length, days[days.length - 1]]).toEqual(['2026-01-26', 35, '2026-03-01'])
  })

  it('shows a Sunday in the week before it', () => {
    const days = daysOf('2026-11-22', 'week')
    expect([days[0], days[6]]).toEqual(['2026-11-16', '2026-11-22'])
  })

  it('skips no month from its last day', () => {
    expect(moved('2026-01-31', 'month', 1)).toBe('2026-02-01')
  })

  it("asks from the zone's first moment to its last, and for nothing that is past", () => {
    expect(boundsOf(daysOf('2026-02-10', 'week'), ZONE, NOW)).toEqual({
      since: '2026-02-08T16:00:00.000Z',
      until: '2026-02-15T16:00:00.000Z',
    })
    expect(boundsOf(daysOf('2026-01-15', 'week'), ZONE, NOW)?.since).toBe(NOW.toISOString())
    expect(boundsOf(daysOf('2026-01-01', 'week'), ZONE, NOW)).toBeNull()
  })

  it('begins a day that has no midnight when it begins', () => {
    const begin = startOf('2025-09-07', 'America/Santiago')
    expect(localMinute(begin, 'America/Santiago')).toBe('2025-09-07T01:00')
  })

  it("puts each run on its day of the zone, not the browser's", () => {
    const at = '2026-02-10T16:30:00Z'
    const item = { schedule_id: 'a', name: 'A', kind: 'scale' as const, at, local: '' }
    expect(byDay([item], ZONE).get('2026-02-11')).toEqual([item])
  })
})

it("knows the moment of what a zone's clocks show", () => {
  const iso = (local: string, zone: string) => momentOf(local, zone).toISOString()
  expect(iso('2026-07-01T08:30', 'Asia/Shanghai')).toBe('2026-07-01T00:30:00.000Z')
  expect(iso('2026-07-01T08:30', 'America/New_York')).toBe('2026-07-01T12:30:00.000Z')
  expect(iso('2026-01-15T08:30', 'America/New_York')).toBe('2026-01-15T13:30:00.000Z')
})
