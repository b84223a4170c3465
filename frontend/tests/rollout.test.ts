// How a rollout stands, in words.
import { expect, it } from 'vitest'
import type { LiveService } from '@/api/types'
import { rolloutWords } from '@/features/service/live/rollout'

const ROLLOUT: LiveService['rollout'] = {
  state: 'progressing',
  detail: '1 of 3 pods are of the newest template',
  wanted: 3,
  current: 4,
  updated: 1,
  ready: 3,
  available: 3,
  unavailable: 1,
  revision: '2',
  conditions: [],
}

it('counts new, available and old pods', () => {
  expect(rolloutWords(ROLLOUT)).toEqual({
    key: 'detailProgressing',
    named: { updated: 1, wanted: 3, available: 3, old: 3 },
    quote: '',
  })
  expect(rolloutWords({ ...ROLLOUT, state: 'complete', current: 0 }).named['old']).toBe(0)
})

it('quotes what keeps Kubernetes from making pods', () => {
  const failure = { type: 'ReplicaFailure', reason: 'FailedCreate', since: null }
  const conditions = [{ ...failure, status: 'True', message: 'exceeded quota' }]
  expect(rolloutWords({ ...ROLLOUT, state: 'stalled', conditions })).toMatchObject({
    key: 'detailStalled',
    quote: 'exceeded quota',
  })
})
