// What the check list before `enforce` says of what was found.
import { describe, expect, it } from 'vitest'
import type { EnvMode, Readiness } from '@/api/types'
import { checksOf, observedCheck } from '@/features/mode/checklist'
import { othersOf } from '@/features/mode/masters'

const NOW = Date.parse('2026-11-20T12:00:00Z')
const CERTIFICATE: Readiness['certificate'] = {
  state: 'valid',
  valid_until: '2027-02-01T00:00:00.000Z',
  days_left: 72,
  detail: '',
}
const READY: Readiness = {
  webhook_answers: true,
  webhook_detail: 'it is ready',
  certificate: CERTIFICATE,
  unregistered: [],
  would_change: 0,
  autoscaled: [],
  bounded: [],
  quotas_exceeded: [],
  vertical: [],
  opted_out: [],
  untold: [],
}

function modeOf(mode: EnvMode['mode'], updated_at: string | null): EnvMode {
  const hook = { state: 'present', reason: '', detail: '' } as const
  return { mode, version: '1', updated_at, updated_by: 'alice', namespaces: [], hook }
}
const OBSERVING = modeOf('observe', '2026-11-10T12:00:00Z')

function found(readiness: Partial<Readiness>, mode = OBSERVING) {
  const checks = checksOf({ ...READY, ...readiness }, mode, NOW)
  return Object.fromEntries(checks.map(({ key, state, words }) => [key, [state, words]]))
}

describe('the check list', () => {
  it('is fine when everything is', () => {
    expect(found({})).toEqual({
      webhook: ['fine', 'webhookAnswers'],
      certificate: ['fine', 'certValid'],
      observed: ['fine', 'observedEnough'],
    })
  })

  it('quotes a webhook that does not answer, and tells one that is not known from it', () => {
    const silent = { webhook_answers: false, webhook_detail: 'it does not answer' }
    const [webhook] = checksOf({ ...READY, ...silent }, OBSERVING, NOW)
    expect(webhook).toMatchObject({ state: 'failed', quote: 'it does not answer' })
    expect(found({ webhook_answers: null })['webhook']).toEqual(['unknown', 'webhookUnknown'])
  })

  it.each([
    [{ state: 'soon', days_left: 9 }, ['warning', 'certSoon']],
    [{ state: 'expired', days_left: -11 }, ['failed', 'certExpired']],
    [{ state: 'unread', days_left: null, valid_until: null }, ['failed', 'certUnread']],
    [{ state: 'unknown', days_left: null, valid_until: null }, ['unknown', 'certUnknown']],
  ] as const)('judges a certificate: %o', (change, expected) => {
    expect(found({ certificate: { ...CERTIFICATE, ...change } })['certificate']).toEqual(expected)
  })

  it('counts whole days of observe, and none of another mode', () => {
    expect(observedCheck(modeOf('observe', '2026-11-14T12:00:01Z'), NOW)).toMatchObject({
      state: 'warning',
      words: 'observedShort',
      n: 5,
    })
    expect(observedCheck(modeOf('observe', '2026-11-13T12:00:00Z'), NOW).state).toBe('fine')
    expect(observedCheck(modeOf('off', '2026-10-01T12:00:00Z'), NOW).words).toBe('notObserved')
    expect(observedCheck(modeOf('off', null), NOW).words).toBe('notObserved')
  })
})

describe('what else services answer to', () => {
  const words = (key: string, values: Record<string, string | number>) =>
    [key, ...Object.values(values)].join(' ')

  it('is not mentioned where there is nothing', () => {
    expect(othersOf(READY, words)).toEqual([])
  })

  it('names each service, and what enforce would do', () => {
    const cart = { namespace: 'shop', kind: 'Deployment', name: 'cart' } as const
    const one = { ...cart, autoscaler: 'hpa', source: 'hpa', live: 9, governed: 3 } as const
    const told = othersOf(
      {
        ...READY,
        autoscaled: [
          { ...one, left_alone: true },
          { ...one, left_alone: false, live: null },
        ],
        vertical: [{ ...cart, autoscaler: 'vpa' }],
        opted_out: ['legacy'],
        untold: [{ resource: 'limitranges', detail: 'may not list limitranges' }],
      },
      words,
    )
    expect(told).toEqual([
      {
        key: 'autoscaled',
        lines: [
          'readiness.leftAlone shop/cart hpa 9 3',
          'readiness.pinned shop/cart hpa edit.notSet 3',
        ],
      },
      { key: 'vertical', lines: ['shop/cart (vpa)'] },
      { key: 'optedOut', lines: ['legacy'] },
      { key: 'untold', lines: ['limitranges: may not list limitranges'] },
    ])
  })
})
