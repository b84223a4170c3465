// What an operation's form sends, and how its events are put together.
import { describe, expect, it } from 'vitest'
import type { OperationDetail, OperationProgress, TargetResult } from '@/api/types'
import { again, undoneKind } from '@/features/operations/again'
import {
  amountFaults,
  careFaults,
  newAmount,
  newCare,
  operationOf,
  untilFault,
} from '@/features/operations/form'
import { canRollBack, shareDone, withProgress } from '@/features/operations/progress'

const target = (name: string, state: TargetResult['state']): TargetResult => ({
  namespace: 'shop',
  kind: 'Deployment',
  name,
  replicas: 3,
  autoscaler_bounds: null,
  state,
  notes: [],
  detail: '',
  reason: '',
  replicas_before: 1,
  replicas_after: 3,
  can_roll_back: true,
  started_at: null,
  finished_at: null,
})

const operation = (changes: Partial<OperationDetail> = {}): OperationDetail => ({
  id: 'one',
  env: 'prod',
  kind: 'scale',
  state: 'running',
  counts: {
    total: 2,
    pending: 1,
    under_way: 0,
    succeeded: 1,
    failed: 0,
    rolled_back: 0,
    cancelled: 0,
  },
  first: [],
  pause_s: 5,
  stop_on_error: true,
  wait_rollout: true,
  rollback_on_failure: false,
  rollout_timeout_s: 600,
  run_at: null,
  until: null,
  rollback_of: '',
  schedule_id: '',
  requested_by: 'li.wei',
  requested_at: '2026-01-01T00:00:00Z',
  started_at: null,
  finished_at: null,
  cancelled_by: '',
  waiting_reason: '',
  waiting_detail: '',
  version: '10',
  targets: [target('cart', 'succeeded'), target('pay', 'pending')],
  ...changes,
})

const SERVICES = [{ namespace: 'shop', name: 'cart' }]

describe('the form of an operation', () => {
  it.each(['-1', '2.5', '1000000000', '', '1e3'])('does not take %s as a count', (replicas) => {
    expect(amountFaults({ ...newAmount(), replicas })).toHaveProperty('replicas')
  })

  it('takes zero and the most', () => {
    expect(amountFaults({ ...newAmount(), replicas: '0' })).toEqual({})
    expect(amountFaults({ ...newAmount(), replicas: '100000' })).toEqual({})
  })

  it('tells bounds that are the wrong way round', () => {
    const bounds = { ...newAmount(), count: 'bounds' as const, least: '5', most: '2' }
    expect(amountFaults(bounds)).toEqual({ bounds: 'operations.wrongBounds' })
  })

  it('takes neither a pause below zero nor an end in the past', () => {
    expect(careFaults({ ...newCare(), pauseS: '-1' })).toHaveProperty('pauseS')
    expect(untilFault('2026-01-01T10:00', Date.parse('2026-01-02T00:00'))).toHaveProperty('until')
    expect(untilFault('2026-01-03T10:00', Date.parse('2026-01-02T00:00'))).toEqual({})
  })

  it('sends a count, the control table’s count, or no count', () => {
    const care = newCare()
    const amount = { ...newAmount(), replicas: '4' }
    const sent = operationOf('scale', SERVICES, { amount, care, until: '' })
    expect(sent.targets[0]).toMatchObject({ name: 'cart', replicas: 4 })
    const table = { ...amount, count: 'table' as const }
    const asked = operationOf('scale', SERVICES, { amount: table, care, until: '' })
    expect(asked.targets[0]?.replicas).toBeNull()
    const restart = operationOf('restart', SERVICES, { amount, care, until: '' })
    expect(restart.targets[0]?.replicas).toBeNull()
    expect(restart).not.toHaveProperty('until')
  })
})

describe('the progress of an operation', () => {
  const { targets, ...summary } = operation({ version: '11' })
  const changed = { ...target('pay', 'succeeded'), index: 1 }
  const message: OperationProgress = { operation: summary, targets: [changed] }

  it('changes only the services that a message names', () => {
    const next = withProgress(operation(), message)
    expect(next.targets.map(({ state }) => state)).toEqual(['succeeded', 'succeeded'])
    expect(next.targets[0]).toEqual(targets[0])
    expect(next.version).toBe('11')
  })

  it('is not set back by an older message', () => {
    const known = operation({ version: '12' })
    expect(withProgress(known, message)).toBe(known)
  })

  it('compares versions as numbers longer than a double', () => {
    const known = operation({ version: '18446744073709551614' })
    const later = { ...message, operation: { ...summary, version: '18446744073709551615' } }
    expect(withProgress(known, later).version).toBe('18446744073709551615')
  })

  it('says how much has ended', () => {
    expect(shareDone(operation())).toBe(50)
  })
})

describe('after a failure', () => {
  const failed = operation({
    state: 'failed',
    targets: [target('cart', 'succeeded'), target('pay', 'failed')],
  })

  it('offers the way back and another try of the failed ones alone', () => {
    expect(canRollBack(failed)).toBe(true)
    expect(again(failed)?.targets.map(({ name }) => name)).toEqual(['pay'])
  })

  it('offers to do what was left out when it was cancelled, and shows no full bar', () => {
    const cancelled = operation({
      state: 'cancelled',
      targets: [
        target('cart', 'succeeded'),
        target('pay', 'cancelled'),
        target('web', 'cancelled'),
      ],
    })
    expect(again(cancelled)?.targets.map(({ name }) => name)).toEqual(['pay', 'web'])
    expect(undoneKind(cancelled)).toBe('leftOut')
    expect(undoneKind(failed)).toBe('failed')
    const some = [target('cart', 'failed'), target('pay', 'cancelled')]
    expect(undoneKind({ ...cancelled, targets: some })).toBe('undone')
    const counts = { ...cancelled.counts, total: 10, succeeded: 1, cancelled: 9 }
    expect(shareDone({ ...cancelled, counts: { ...counts, pending: 0, under_way: 0 } })).toBe(10)
  })

  it('offers neither while it goes on', () => {
    expect(canRollBack(operation())).toBe(false)
    expect(again(operation())).toBeNull()
  })
})
