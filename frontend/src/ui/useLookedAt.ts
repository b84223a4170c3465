// Whether the tab is looked at: what goes on only to be shown can rest while it is not.
import { onScopeDispose, ref, type Ref } from 'vue'

export function useLookedAt(): Readonly<Ref<boolean>> {
  const now = () => document.visibilityState === 'visible'
  const lookedAt = ref(now())
  const look = () => (lookedAt.value = now())
  document.addEventListener('visibilitychange', look)
  onScopeDispose(() => document.removeEventListener('visibilitychange', look))
  return lookedAt
}
