// The drafts of this tab. They survive filtering, moving between pages, and a reload.
import { defineStore } from 'pinia'
import { computed, shallowRef, watch } from 'vue'
import { idOf, withChange, type Change, type Draft, type ServiceKey } from './drafts'
import { keepDrafts, readDrafts } from './storage'

/** Something that was done, in words (a message's key and what it names), and the way back. */
export interface Done {
  key: string
  n: number
  named?: Record<string, string>
  undo: (() => Promise<void>) | null
}

export const useDrafts = defineStore('drafts', () => {
  const kept = readDrafts(sessionStorage)
  const byService = shallowRef(new Map(kept.map((draft) => [idOf(draft.service), draft])))
  const drafts = computed(() => [...byService.value.values()])
  watch(drafts, (now) => keepDrafts(sessionStorage, now), { flush: 'sync' })

  function putAll(some: readonly Draft[]) {
    const next = new Map(byService.value)
    for (const draft of some) {
      if (draft.changes.length > 0) next.set(idOf(draft.service), draft)
      else next.delete(idOf(draft.service))
    }
    byService.value = next
  }
  const put = (draft: Draft) => putAll([draft])

  /** Note a typed value; the first change of a service remembers the version it is based on. */
  function change(service: ServiceKey, version: string, one: Change) {
    const draft = byService.value.get(idOf(service)) ?? { service, version, changes: [] }
    put(withChange(draft, one))
  }

  function discard(service?: ServiceKey) {
    const next = new Map(service ? byService.value : [])
    if (service) next.delete(idOf(service))
    byService.value = next
  }

  /** What was done last, until somebody closes it. */
  const done = shallowRef<Done | null>(null)
  const finish = (what: Done | null) => (done.value = what)

  return { byService, drafts, done, put, putAll, change, discard, finish }
})
