// All envs at once. Asked again while the page is looked at, sooner while a cluster is still being asked.
import { keepPreviousData, useQuery } from '@tanstack/vue-query'
import { api, bodyOf } from '@/api/client'

const EVERY_MS = 15_000
const SOON_MS = 2_000

export const useFleet = () =>
  useQuery({
    queryKey: ['fleet'],
    queryFn: async () => bodyOf(await api.GET('/api/v1/fleet')),
    placeholderData: keepPreviousData,
    refetchInterval: ({ state }) =>
      state.data?.items.some(({ cluster }) => cluster.asking) ? SOON_MS : EVERY_MS,
  })
