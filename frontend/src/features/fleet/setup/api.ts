// How far an env is set up; asked again while somebody looks.
import { keepPreviousData, useQuery } from '@tanstack/vue-query'
import { computed, type Ref } from 'vue'
import { api, bodyOf } from '@/api/client'

const EVERY_MS = 5_000

export const useSetup = (env: Ref<string>) =>
  useQuery({
    queryKey: ['setup', env],
    queryFn: async () =>
      bodyOf(await api.GET('/api/v1/envs/{env}/setup', { params: { path: { env: env.value } } })),
    enabled: computed(() => env.value !== ''),
    placeholderData: keepPreviousData,
    refetchInterval: EVERY_MS,
  })
