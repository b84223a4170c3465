// Applies drafts one service after another, keeps what failed, and remembers how to take it back.
import { useQueryClient } from '@tanstack/vue-query'
import { ref } from 'vue'
import { StaleError } from '@/api/errors'
import { saveDraft } from '../api'
import { idOf, type Draft } from './drafts'
import { useDrafts } from './store'

interface Outcome {
  state: 'running' | 'failed' | 'stale'
  message: string
}

/** The draft that takes an applied one back, based on the version that applying it made. */
function reverse(draft: Draft, version: string): Draft {
  const changes = draft.changes.map((change) => ({
    ...change,
    shown: change.after,
    before: change.after,
    after: change.before,
  }))
  return { ...draft, version, changes }
}

export function useApply() {
  const client = useQueryClient()
  const drafts = useDrafts()
  const outcomes = ref(new Map<string, Outcome>())
  const busy = ref(false)

  async function applyOne(draft: Draft): Promise<Draft | null> {
    const id = idOf(draft.service)
    outcomes.value.set(id, { state: 'running', message: '' })
    try {
      const version = await saveDraft(draft)
      outcomes.value.delete(id)
      drafts.discard(draft.service)
      return reverse(draft, version)
    } catch (error) {
      const state = error instanceof StaleError ? 'stale' : 'failed'
      outcomes.value.set(id, {
        state,
        message: error instanceof Error ? error.message : String(error),
      })
      return null
    }
  }

  /** Apply some drafts; resolves with how many were applied. */
  async function apply(some: readonly Draft[]): Promise<number> {
    busy.value = true
    const undo: Draft[] = []
    for (const draft of some) {
      const reversed = await applyOne(draft)
      if (reversed) undo.push(reversed)
    }
    if (undo.length > 0) drafts.remember(undo)
    await client.invalidateQueries({ queryKey: ['services'] })
    await client.invalidateQueries({ queryKey: ['service'] })
    await client.invalidateQueries({ queryKey: ['revisions'] })
    busy.value = false
    return undo.length
  }

  return { outcomes, busy, apply }
}
