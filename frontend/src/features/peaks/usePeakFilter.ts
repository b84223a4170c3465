// The filters and the order of the peak data, kept in the address.
import { computed } from 'vue'
import { useRoute, useRouter } from 'vue-router'
import type { PeakFlag } from '@/api/types'
import type { Sort } from '@/ui/table/columns'
import type { PeakFilter } from './api'

const text = (value: unknown) => (typeof value === 'string' ? value : '')

export function usePeakFilter() {
  const route = useRoute()
  const router = useRouter()
  const put = (some: Record<string, string | undefined>) =>
    void router.replace({ query: { ...route.query, ...some } })

  const filter = computed<PeakFilter>({
    get: () => ({
      date: text(route.query['date']),
      q: text(route.query['q']),
      namespace: text(route.query['namespace']),
      // A flag that the API does not know is refused by it, with the reason.
      flag: text(route.query['flag']) as PeakFlag | '',
    }),
    set: ({ date, q, namespace, flag }) =>
      put({
        date: date || undefined,
        q: q || undefined,
        namespace: namespace || undefined,
        flag: flag || undefined,
      }),
  })
  const sort = computed<Sort | null>({
    get: () => {
      const key = text(route.query['sort'])
      return key === '' ? null : { key: key.replace(/^-/, ''), descending: key.startsWith('-') }
    },
    set: (value) => put({ sort: value ? `${value.descending ? '-' : ''}${value.key}` : undefined }),
  })
  const clear = () => put({ q: undefined, namespace: undefined, flag: undefined })
  return { filter, sort, clear }
}
