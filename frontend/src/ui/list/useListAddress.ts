// The filters and the order of a list, kept in the address, so that a view can be sent to a colleague.
import { computed } from 'vue'
import { useRoute, useRouter } from 'vue-router'
import type { Sort } from '@/ui/table/columns'
import { sortOf, sortText } from './address'

const text = (value: unknown) => (typeof value === 'string' ? value : '')

/** A filter for each key, empty for any; an order; whether anything is filtered; the way back to all. */
export function useListAddress<Key extends string>(keys: readonly Key[]) {
  const route = useRoute()
  const router = useRouter()
  const put = (some: Record<string, string | undefined>) =>
    void router.replace({ query: { ...route.query, ...some } })

  const filter = computed<Record<Key, string>>({
    get: () => {
      const found = keys.map((key) => [key, text(route.query[key])])
      return Object.fromEntries(found) as Record<Key, string>
    },
    set: (value) => put(Object.fromEntries(keys.map((key) => [key, value[key] || undefined]))),
  })
  const set = (key: Key, value: string | null | undefined) => put({ [key]: value || undefined })
  const sort = computed<Sort | null>({
    get: () => sortOf(text(route.query['sort'])),
    set: (value) => put({ sort: sortText(value) }),
  })
  const filtering = computed(() => keys.some((key) => filter.value[key] !== ''))
  const clear = () => put(Object.fromEntries(keys.map((key) => [key, undefined])))
  return { filter, set, sort, filtering, clear }
}
