// The check list before `enforce`: what was found, as states and words. Pure.
import type { EnvMode, Readiness } from '@/api/types'

export type CheckState = 'fine' | 'warning' | 'failed' | 'unknown'

export interface Check {
  key: 'webhook' | 'certificate' | 'observed'
  state: CheckState
  /** Key of a message of `readiness`. */
  words: string
  /** What stands in the message: a count, or a time as ISO text. */
  n?: number
  until?: string
  /** What the cluster or the webhook said, in its own words. */
  quote?: string
}

export const CHECK_SHAPES: Record<CheckState, string> = {
  fine: '✓',
  warning: '◆',
  failed: '▲',
  unknown: '?',
}

/** A week of `observe` before `enforce`. */
export const OBSERVE_DAYS = 7
const DAY_MS = 24 * 3_600_000

/** Whole days for which the env has been in `observe`; null where it is not. */
export function observedDays({ mode, updated_at }: EnvMode, nowMs: number): number | null {
  if (mode !== 'observe' || updated_at === null) return null
  return Math.max(0, Math.floor((nowMs - Date.parse(updated_at)) / DAY_MS))
}

function webhookCheck({ webhook_answers, webhook_detail }: Readiness): Check {
  const key = 'webhook'
  if (webhook_answers === null) return { key, state: 'unknown', words: 'webhookUnknown' }
  if (webhook_answers) return { key, state: 'fine', words: 'webhookAnswers' }
  return { key, state: 'failed', words: 'webhookSilent', quote: webhook_detail }
}

function certificateCheck({ certificate }: Readiness): Check {
  const key = 'certificate'
  const { state, valid_until, days_left, detail } = certificate
  if (valid_until === null || days_left === null) {
    return state === 'unread'
      ? { key, state: 'failed', words: 'certUnread', quote: detail }
      : { key, state: 'unknown', words: 'certUnknown' }
  }
  const found = { key, until: valid_until, n: Math.abs(days_left) } as const
  if (state === 'expired') return { ...found, state: 'failed', words: 'certExpired' }
  if (state === 'soon') return { ...found, state: 'warning', words: 'certSoon' }
  return { ...found, state: 'fine', words: 'certValid' }
}

/** Whether a week of `observe` came first. */
export function observedCheck(mode: EnvMode, nowMs: number): Check {
  const key = 'observed'
  const days = observedDays(mode, nowMs)
  if (days === null) return { key, state: 'warning', words: 'notObserved' }
  const state = days >= OBSERVE_DAYS ? 'fine' : 'warning'
  return { key, state, words: state === 'fine' ? 'observedEnough' : 'observedShort', n: days }
}

/** The checks that need no list of their own, in the order in which they are shown. */
export function checksOf(readiness: Readiness, mode: EnvMode, nowMs: number): Check[] {
  return [webhookCheck(readiness), certificateCheck(readiness), observedCheck(mode, nowMs)]
}
