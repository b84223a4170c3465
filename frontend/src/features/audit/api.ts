// The audit log: its rows part by part, and whether its chain is whole.
import { useInfiniteQuery, useQuery } from '@tanstack/vue-query'
import { computed, type Ref } from 'vue'
import { api, bodyOf } from '@/api/client'
import { askedOf } from '@/ui/list/address'

const PART = 200
export const FILTERS = ['env', 'namespace', 'name', 'actor', 'action', 'q'] as const
export type AuditFilter = Record<(typeof FILTERS)[number], string>

/** The rows that match, the latest first; more with `fetchNextPage`. */
export function useAudit(filter: Ref<AuditFilter>) {
  const query = useInfiniteQuery({
    queryKey: ['audit', filter],
    queryFn: async ({ pageParam }) => {
      const params = { query: { ...askedOf(filter.value), limit: PART, cursor: pageParam } }
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
