// Collections: asking for days, and seeing how far they are.
import { useMutation, useQuery, useQueryClient } from '@tanstack/vue-query'
import { computed, watch, type Ref } from 'vue'
import { api, bodyOf } from '@/api/client'
import type { Collection } from '@/api/types'

const PATH = '/api/v1/envs/{env}/collections'
const BUSY_EVERY_MS = 1_000
const IDLE_EVERY_MS = 30_000
const LATEST = 50

export const isOpen = ({ state }: Collection) => state === 'pending' || state === 'running'

/** The latest collections of an env; asked for every second while one is under way. */
export function useCollections(env: Ref<string>) {
  const client = useQueryClient()
  const query = useQuery({
    queryKey: ['collections', env],
    queryFn: async () => {
      const params = { path: { env: env.value }, query: { limit: LATEST } }
      return bodyOf(await api.GET(PATH, { params })).items
    },
    enabled: computed(() => env.value !== ''),
    refetchInterval: ({ state }) => (state.data?.some(isOpen) ? BUSY_EVERY_MS : IDLE_EVERY_MS),
  })
  const current = computed(() => query.data.value?.find(isOpen))
  watch(current, (now, before) => {
    if (before && !now)
      void client.invalidateQueries({ predicate: ({ queryKey }) => queryKey[0] !== 'collections' })
  })
  return { query, current }
}

/** One collection with everything that it left out. */
export function useCollection(env: Ref<string>, id: Ref<string>) {
  return useQuery({
    queryKey: ['collection', env, id],
    queryFn: async () => {
      const params = { path: { env: env.value, id: id.value } }
      return bodyOf(await api.GET(`${PATH}/{id}`, { params }))
    },
  })
}

export function useRequestCollection(env: Ref<string>) {
  const client = useQueryClient()
  return useMutation({
    mutationFn: async (body: { days: number } | { dates: string[] }) =>
      bodyOf(await api.POST(PATH, { params: { path: { env: env.value } }, body })),
    onSettled: () => client.invalidateQueries({ queryKey: ['collections'] }),
  })
}
