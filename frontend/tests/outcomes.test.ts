// Which drafts stand in the way of a commit that was refused.
import { expect, it } from 'vitest'
import { AwayError, RefusedError, StaleError } from '@/api/errors'
import type { Draft } from '@/features/services/edit/drafts'
import { outcomesOf } from '@/features/services/edit/outcomes'

const draft = (name: string): Draft => ({
  service: { env: 'e', namespace: 'n', name },
  version: '1',
  changes: [],
})
const drafts = [draft('a'), draft('b'), draft('c')]
const refusal = (status: number, field: string) =>
  new RefusedError(status, { detail: 'no', errors: [{ field, reason: 'why' }] })

it('knows stale drafts of a batch by their place', () =>
  expect([...outcomesOf(refusal(409, 'changes.1'), drafts)]).toEqual([
    ['e/n/b', { state: 'stale', message: 'why' }],
  ]))

it('knows values that were refused', () =>
  expect(outcomesOf(refusal(400, 'changes.2.edit.containers.0.limit_cpu_m'), drafts)).toEqual(
    new Map([['e/n/c', { state: 'failed', message: 'why' }]]),
  ))

it('blames none of many for what is not about one of them', () => {
  expect(outcomesOf(new AwayError(), drafts).size).toBe(0)
  expect(outcomesOf(refusal(400, 'dry_run'), drafts).size).toBe(0)
  expect(outcomesOf(refusal(400, 'changes.9'), drafts).size).toBe(0)
})

it('blames the only one for everything', () => {
  const only = drafts.slice(0, 1)
  expect(outcomesOf(new AwayError('away'), only).get('e/n/a')?.state).toBe('failed')
  const stale = new StaleError(412, { detail: 'Somebody was faster' })
  expect(outcomesOf(stale, only).get('e/n/a')?.state).toBe('stale')
})
