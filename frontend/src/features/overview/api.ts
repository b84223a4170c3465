// What the API says of the whole cluster that the services' rows don't tell: prices, what is not registered, room.
import { useQuery } from '@tanstack/vue-query'
import type { Language } from '@/i18n'
import { computed, type Ref } from 'vue'
import { api, bodyOf } from '@/api/client'

export function useOverview(env: Ref<string>) {
  return useQuery({
    queryKey: ['overview', env],
    queryFn: async () =>
      bodyOf(
        await api.GET('/api/v1/envs/{env}/overview', { params: { path: { env: env.value } } }),
      ),
    enabled: computed(() => env.value !== ''),
  })
}

const MINUTE_MS = 60_000

/** What the nodes have left now, or why that is not known. */
export function useCapacity(env: Ref<string>) {
  return useQuery({
    queryKey: ['capacity', env],
    queryFn: async () =>
      bodyOf(
        await api.GET('/api/v1/envs/{env}/capacity', { params: { path: { env: env.value } } }),
      ),
    enabled: computed(() => env.value !== ''),
    staleTime: MINUTE_MS,
  })
}

/** Where the report of an env is, a PDF document. */
export const reportPath = (env: string, language: Language) =>
  `/api/v1/envs/${encodeURIComponent(env)}/report?format=pdf&language=${language}`
