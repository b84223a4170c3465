// Which columns are shown: as the address of a view says, else as this browser remembers.
import { computed } from 'vue'
import { useRoute, useRouter } from 'vue-router'
import { usePreferences } from '@/app/preferences'
import type { Arrangement } from '@/ui/table/columns'
import { useServiceColumns } from '../columns'
import { arrangementOf, columnsText } from './views'

/** A change within a view stays in its address; what the browser remembers is left alone. */
export function useArrangement() {
  const route = useRoute()
  const router = useRouter()
  const preferences = usePreferences()
  const columns = useServiceColumns()
  const told = computed(() => {
    const text = route.query['columns']
    return typeof text === 'string' && text !== '' ? text : null
  })
  return computed<Arrangement>({
    get: () =>
      told.value === null ? preferences.columns : arrangementOf(columns.value, told.value),
    set: (now) => {
      if (told.value === null) preferences.columns = now
      else
        void router.replace({
          query: { ...route.query, columns: columnsText(columns.value, now) },
        })
    },
  })
}
