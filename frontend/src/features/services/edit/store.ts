// The drafts of this session. They survive filtering, refreshes and moving between pages.
import { defineStore } from 'pinia'
import { computed, ref } from 'vue'
import { idOf, withChange, type Change, type Draft, type ServiceKey } from './drafts'

export const useDrafts = defineStore('drafts', () => {
  const byService = ref(new Map<string, Draft>())
  const drafts = computed(() => [...byService.value.values()])

  function put(draft: Draft) {
    const next = new Map(byService.value)
    if (draft.changes.length > 0) next.set(idOf(draft.service), draft)
    else next.delete(idOf(draft.service))
    byService.value = next
  }

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

  /** What would take the last applied changes back. */
  const undo = ref<Draft[]>([])
  const remember = (reversed: Draft[]) => (undo.value = reversed)

  return { byService, drafts, undo, put, change, discard, remember }
})
