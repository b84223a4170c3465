// An env as it is now, what is wrong in it, and what changed before: told by the api with each evaluation while the page
// is looked at, and asked for as often where no events come in.
import { keepPreviousData, useQuery, useQueryClient } from '@tanstack/vue-query'
import { computed, inject, provide, ref, type InjectionKey, type Ref } from 'vue'
import { api, bodyOf } from '@/api/client'
import type { Now } from '@/api/types'
import { useEventStream } from '@/api/useEventStream'
import { useLookedAt } from '@/ui/useLookedAt'

/** As often as the api evaluates an env. */
const EVERY_MS = 15_000
const MOST_SERVICES = 500
const MOST_FINDINGS = 100
const WHOLE = 'whole'
const STREAMING: InjectionKey<Ref<boolean>> = Symbol('streaming')

/** Follow an env for the page and what is on it; nobody is asked while the page is not looked at. */
export function useNowStream(env: Ref<string>) {
  const client = useQueryClient()
  const streaming = ref(false)
  const lookedAt = useLookedAt()
  useEventStream({
    address: () => `/api/v1/envs/${encodeURIComponent(env.value)}/now/stream`,
    open: computed(() => lookedAt.value && env.value !== ''),
    event: 'now',
    streaming,
    onProgress: (data) => {
      client.setQueryData(['now', env.value, WHOLE], JSON.parse(data) as Now)
      void client.invalidateQueries({
        queryKey: ['now', env.value],
        predicate: ({ queryKey }) => queryKey[2] !== WHOLE,
      })
    },
  })
  provide(STREAMING, streaming)
  return streaming
}

function useLive<T>(
  env: Ref<string>,
  key: readonly unknown[],
  ask: () => Promise<T>,
  streaming = inject(STREAMING, ref(false)),
) {
  return useQuery({
    queryKey: ['now', env, ...key],
    queryFn: ask,
    enabled: computed(() => env.value !== ''),
    placeholderData: keepPreviousData,
    refetchInterval: () => (streaming.value ? false : EVERY_MS),
  })
}

const at = (env: Ref<string>) => ({ path: { env: env.value } })

export const useNow = (env: Ref<string>, streaming: Ref<boolean>) =>
  useLive(
    env,
    [WHOLE],
    async () => bodyOf(await api.GET('/api/v1/envs/{env}/now', { params: at(env) })),
    streaming,
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
