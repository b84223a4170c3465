// An env as it is now, what is wrong in it, and what changed before. Asked again while the page is looked at.
import { keepPreviousData, useQuery } from '@tanstack/vue-query'
import { computed, type Ref } from 'vue'
import { api, bodyOf } from '@/api/client'

/** As often as the api evaluates an env. */
const EVERY_MS = 15_000
const MOST_SERVICES = 500
const MOST_FINDINGS = 100

function useLive<T>(env: Ref<string>, key: readonly unknown[], ask: () => Promise<T>) {
  return useQuery({
    queryKey: ['now', env, ...key],
    queryFn: ask,
    enabled: computed(() => env.value !== ''),
    placeholderData: keepPreviousData,
    refetchInterval: EVERY_MS,
  })
}

const at = (env: Ref<string>) => ({ path: { env: env.value } })

export const useNow = (env: Ref<string>) =>
  useLive(env, ['whole'], async () =>
    bodyOf(await api.GET('/api/v1/envs/{env}/now', { params: at(env) })),
  )

/** The services with which most is wrong, as many as fit. */
export const useNowServices = (env: Ref<string>, q: Ref<string>) =>
  useLive(env, ['services', q], async () => {
    const query = { q: q.value, limit: MOST_SERVICES }
    const params = { ...at(env), query }
    return bodyOf(await api.GET('/api/v1/envs/{env}/now/services', { params }))
  })

/** Nodes, for those who see the whole env. */
export const useNowNodes = (env: Ref<string>) =>
  useLive(env, ['nodes'], async () =>
    bodyOf(await api.GET('/api/v1/envs/{env}/now/nodes', { params: at(env) })),
  )

export const useFindings = (env: Ref<string>) =>
  useLive(env, ['findings'], async () => {
    const params = { ...at(env), query: { limit: MOST_FINDINGS } }
    return bodyOf(await api.GET('/api/v1/envs/{env}/findings', { params }))
  })
