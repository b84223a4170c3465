// What a schedule's form sends, what it makes of a stored one, and which days a calendar shows.
import { describe, expect, it } from 'vitest'
import type { ScheduleSummary } from '@/api/types'
import { boundsOf, byDay, dayOf, daysOf, moved } from '@/features/schedules/calendar'
import { formOf, newForm, scheduleFaults, scheduleOf, wrongLine } from '@/features/schedules/form'

const CART = { namespace: 'shop', deployment: 'cart' }
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
  take_back_on_failure: true,
  rollout_timeout_s: null,
  for_s: 5400,
  version: '7',
  updated_at: '2026-01-01T00:00:00Z',
  updated_by: 'li.wei',
  ...changes,
})

describe('the form of a schedule', () => {
  it('sends named services with their count', () => {
    expect(scheduleFaults(filled())).toEqual({})
    const sent = scheduleOf(filled(), true)
    expect(sent.targets).toEqual([{ ...CART, replicas: 4, autoscaler_bounds: null }])
    expect(sent).toMatchObject({ cron: '0 3 * * *', misfire: 'skip', grace_s: 0, for_s: null })
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

  it('says which line names no service', () => {
    expect(wrongLine('shop/cart\ncart')).toBe('cart')
    expect(wrongLine('shop/cart = 3\nshop/pay=2-8')).toBeNull()
    expect(scheduleFaults({ ...filled(), lines: 'cart' })).toHaveProperty('lines')
    expect(scheduleFaults({ ...filled(), lines: '' })).toHaveProperty('lines')
  })

  it.each([
    ['name', { name: ' ' }],
    ['hours', { temporary: true, hours: '0' }],
    ['grace', { misfire: 'run_late' as const, graceMinutes: 'x' }],
  ])('tells a wrong %s', (field, change) => {
    expect(scheduleFaults({ ...filled(), ...change })).toHaveProperty(field)
  })

  it('gives a stored schedule back as it was', () => {
    const one = stored({})
    const sent = scheduleOf(formOf(one, ''), one.enabled)
    expect(one).toMatchObject({ ...sent, selector: null })
  })

  it('keeps the counts and bounds that services have of their own', () => {
    const targets = [
      { ...CART, replicas: 4, autoscaler_bounds: null },
      { namespace: 'shop', deployment: 'pay', replicas: null, autoscaler_bounds: null },
      {
        namespace: 'shop',
        deployment: 'web',
        replicas: null,
        autoscaler_bounds: { min_replicas: 2, max_replicas: 8 },
      },
    ]
    expect(scheduleOf(formOf(stored({ targets }), ''), true).targets).toEqual(targets)
  })
})

describe('the calendar', () => {
  it('shows a month in whole weeks from Monday', () => {
    const days = daysOf(new Date(2026, 1, 10), 'month').map(dayOf)
    expect([days[0], days.length, days[days.length - 1]]).toEqual(['2026-01-26', 35, '2026-03-01'])
  })

  it('shows a Sunday in the week before it', () => {
    const days = daysOf(new Date(2026, 10, 22), 'week').map(dayOf)
    expect([days[0], days[6]]).toEqual(['2026-11-16', '2026-11-22'])
  })

  it('skips no month from its last day', () => {
    expect(dayOf(moved(new Date(2026, 0, 31), 'month', 1))).toBe('2026-02-01')
  })

  it('asks from the first moment to the last', () => {
    const { since, until } = boundsOf(daysOf(new Date(2026, 1, 10), 'week'))
    expect(dayOf(new Date(since))).toBe('2026-02-09')
    expect(dayOf(new Date(until))).toBe('2026-02-16')
  })

  it('puts each run on its day', () => {
    const at = new Date(2026, 1, 10, 3, 30).toISOString()
    const item = { schedule_id: 'a', name: 'A', kind: 'scale' as const, at, local: '' }
    expect(byDay([item]).get('2026-02-10')).toEqual([item])
  })
})
