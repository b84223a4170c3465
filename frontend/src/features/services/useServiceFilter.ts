// The filters and the order of the services table, kept in the address.
import { computed } from 'vue'
import { useRoute, useRouter } from 'vue-router'
import type { Sort } from '@/ui/table/columns'
import type { Filter } from './row'

const text = (value: unknown) => (typeof value === 'string' ? value : '')

export function useServiceFilter() {
  const route = useRoute()
  const router = useRouter()

  function put(some: Record<string, string | undefined>) {
    void router.replace({ query: { ...route.query, ...some } })
  }

  const filter = computed<Filter>({
    get: () => ({
      q: text(route.query['q']),
      namespace: text(route.query['namespace']),
      flag: text(route.query['flag']),
    }),
    set: ({ q, namespace, flag }) =>
      put({ q: q || undefined, namespace: namespace || undefined, flag: flag || undefined }),
  })

  const sort = computed<Sort | null>({
    get: () => {
      const key = text(route.query['sort'])
      if (key === '') return null
      return { key: key.replace(/^-/, ''), descending: key.startsWith('-') }
    },
    set: (value) => put({ sort: value ? `${value.descending ? '-' : ''}${value.key}` : undefined }),
  })

  const clear = () => put({ q: undefined, namespace: undefined, flag: undefined })
  return { filter, sort, clear }
}
