// How a rollout stands, from its numbers: words of the console, with Kubernetes' own where it has a complaint. Pure.
import type { LiveService } from '@/api/types'

type Rollout = LiveService['rollout']

export interface RolloutWords {
  /** Key of a message of `live`. */
  key: 'detailComplete' | 'detailPaused' | 'detailStalled' | 'detailProgressing'
  named: Record<string, number>
  /** What Kubernetes says keeps it from making pods; empty if nothing does. */
  quote: string
}

const KEYS = {
  complete: 'detailComplete',
  paused: 'detailPaused',
  stalled: 'detailStalled',
  progressing: 'detailProgressing',
} as const

export function rolloutWords(rollout: Rollout): RolloutWords {
  const { state, updated, wanted, available, current } = rollout
  const failure = rollout.conditions.find(
    ({ type, status }) => type === 'ReplicaFailure' && status === 'True',
  )
  return {
    key: KEYS[state],
    named: { updated, wanted, available, old: Math.max(0, current - updated) },
    quote: failure?.message ?? '',
  }
}
