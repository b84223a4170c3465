// The weekdays on which an env has no peak that counts, by its settings.
import { computed, type Ref } from 'vue'
import { useSettings } from './api'
import { restDays } from './peakHours'

/** As a date counts them: 0 is Sunday. None while the settings are not known. */
export function useRestDays(env: Ref<string>) {
  const { data } = useSettings(env)
  return computed(() => {
    const value = data.value?.find(({ key }) => key === 'peak_hours')?.value
    return typeof value === 'string' ? restDays(value) : []
  })
}
