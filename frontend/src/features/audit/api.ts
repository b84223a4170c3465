// The audit log: its rows part by part, and whether its chain is whole.
import { useInfiniteQuery, useQuery } from '@tanstack/vue-query'
import { computed, type Ref } from 'vue'
import { api, bodyOf } from '@/api/client'

const PART = 200

/** The rows that hold a text, the latest first; more with `fetchNextPage`. */
export function useAudit(q: Ref<string>) {
  const query = useInfiniteQuery({
    queryKey: ['audit', q],
    queryFn: async ({ pageParam }) => {
      const params = { query: { limit: PART, cursor: pageParam, q: q.value } }
      return bodyOf(await api.GET('/api/v1/audit', { params }))
    },
    initialPageParam: '',
    getNextPageParam: (last) => last.next_cursor,
  })
  const rows = computed(() => query.data.value?.pages.flatMap(({ items }) => items) ?? [])
  return { query, rows }
}

/** Checked when somebody asks for it. */
export function useAuditVerification() {
  return useQuery({
    queryKey: ['audit-verification'],
    queryFn: async () => bodyOf(await api.GET('/api/v1/audit/verification')),
    enabled: false,
  })
}
