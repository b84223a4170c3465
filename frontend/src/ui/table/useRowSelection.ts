// Which rows are chosen, by their keys: filtering, sorting and refreshing change nothing about it.
import { computed, ref, type Ref } from 'vue'

export function useRowSelection(selected: Ref<Set<string>>, shownKeys: () => readonly string[]) {
  const last = ref('')
  const chosenShown = computed(() => shownKeys().filter((key) => selected.value.has(key)).length)
  const all = computed<'none' | 'some' | 'all'>(() => {
    if (chosenShown.value === 0) return 'none'
    return chosenShown.value === shownKeys().length ? 'all' : 'some'
  })

  function set(keys: readonly string[], on: boolean) {
    const next = new Set(selected.value)
    for (const key of keys) {
      if (on) next.add(key)
      else next.delete(key)
    }
    selected.value = next
  }

  /** Choose a row or let it go; with Shift, everything from the last one to it. */
  function choose(key: string, range: boolean) {
    const keys = shownKeys()
    const on = !selected.value.has(key)
    const [from, to] = [keys.indexOf(last.value), keys.indexOf(key)]
    const some = range && from >= 0 ? keys.slice(Math.min(from, to), Math.max(from, to) + 1) : [key]
    set(some, on)
    last.value = key
  }

  /** Choose every row that is shown, or let them go. */
  const chooseAll = () => set(shownKeys(), all.value !== 'all')
  const clear = () => (selected.value = new Set())
  return { all, choose, chooseAll, clear }
}
