// The production namespaces of an env, by its settings.
import { computed, type Ref } from 'vue'
import { useSettings } from './api'
import { isProduction } from './production'

/** The production namespaces among some, each once. */
export function useProduction(env: Ref<string>, namespaces: Ref<readonly string[]>) {
  const { data } = useSettings(env)
  const pattern = computed(
    () => data.value?.find(({ key }) => key === 'production_namespaces')?.value,
  )
  return computed(() =>
    [...new Set(namespaces.value)].filter((one) => isProduction(pattern.value, one)).sort(),
  )
}
