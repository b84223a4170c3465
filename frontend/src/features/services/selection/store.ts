// The chosen services of this session, by identity: no filter, order or refresh changes who is chosen.
import { defineStore } from 'pinia'
import { shallowRef } from 'vue'

export const useSelection = defineStore('selection', () => {
  /** `env/namespace/name` of each. */
  const ids = shallowRef(new Set<string>())
  const clear = () => (ids.value = new Set())

  function remove(some: readonly string[]) {
    const gone = new Set(some)
    ids.value = new Set([...ids.value].filter((id) => !gone.has(id)))
  }
  return { ids, clear, remove }
})
