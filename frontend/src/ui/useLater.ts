// A value as it was when typing stopped.
import { onScopeDispose, ref, watch, type Ref } from 'vue'

const PAUSE_MS = 250

export function useLater<Value>(read: () => Value): Ref<Value> {
  const later = ref(read()) as Ref<Value>
  let timer = 0
  watch(read, (now) => {
    window.clearTimeout(timer)
    timer = window.setTimeout(() => (later.value = now), PAUSE_MS)
  })
  onScopeDispose(() => window.clearTimeout(timer))
  return later
}
