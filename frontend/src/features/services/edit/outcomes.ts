// Which drafts stand in the way of a commit that was refused. Pure.
import { RefusedError, StaleError } from '@/api/errors'
import { idOf, type Draft } from './drafts'

export interface Outcome {
  state: 'failed' | 'stale'
  message: string
}

const CONFLICT = 409

/** What a refusal says of each draft: the API names them by their place in the request. */
export function outcomesOf(error: unknown, drafts: readonly Draft[]): Map<string, Outcome> {
  const outcomes = new Map<string, Outcome>()
  const message = error instanceof Error ? error.message : String(error)
  const first = drafts[0]
  if (first && drafts.length === 1) {
    const state = error instanceof StaleError ? 'stale' : 'failed'
    return new Map([[idOf(first.service), { state, message }]])
  }
  if (!(error instanceof RefusedError)) return outcomes
  const state = error.status === CONFLICT ? 'stale' : 'failed'
  for (const { field, reason } of error.fields) {
    const draft = drafts[Number(/^changes\.(\d+)/.exec(field)?.[1] ?? -1)]
    if (draft) outcomes.set(idOf(draft.service), { state, message: reason })
  }
  return outcomes
}
