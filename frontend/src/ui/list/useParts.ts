// A list that the API gives part by part, by offset: the parts that were asked for, and the next one.
import { useInfiniteQuery } from '@tanstack/vue-query'
import { computed, type Ref } from 'vue'
import { joined } from './address'

export const PART = 100

interface Part<Item> {
  items: Item[]
  total: number
}

interface Asked<Item> {
  /** What the list is of; refs within are followed. */
  queryKey: unknown[]
  /** Items from an offset on, at most `PART`. */
  ask: (offset: number) => Promise<Part<Item>>
  idOf: (item: Item) => string
  enabled: Ref<boolean>
  /** How often it is asked for anew. */
  everyMs: (items: readonly Item[]) => number
}

/** The items so far, how many there are in all, and the query that brings more. */
export function useParts<Item>({ queryKey, ask, idOf, enabled, everyMs }: Asked<Item>) {
  const query = useInfiniteQuery({
    queryKey,
    queryFn: ({ pageParam }) => ask(pageParam),
    initialPageParam: 0,
    getNextPageParam: (last, parts) => {
      const told = parts.reduce((sum, { items }) => sum + items.length, 0)
      return last.items.length === 0 || told >= last.total ? null : told
    },
    enabled,
    refetchInterval: ({ state }) => everyMs(state.data?.pages.flatMap(({ items }) => items) ?? []),
  })
  const rows = computed(() => joined(query.data.value?.pages ?? [], idOf))
  const total = computed(() => query.data.value?.pages.at(-1)?.total ?? null)
  return { query, rows, total }
}
