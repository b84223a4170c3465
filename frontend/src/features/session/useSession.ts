// Who is signed in, which clusters there are, and which one the console looks at.
import { useQuery } from '@tanstack/vue-query'
import { computed, watch } from 'vue'
import { api, bodyOf } from '@/api/client'
import { usePreferences } from '@/app/preferences'
import { clockZone } from '@/ui/clock'

const ENVS_EVERY_MS = 30_000

export function useMe() {
  const query = useQuery({
    queryKey: ['me'],
    queryFn: async () => bodyOf(await api.GET('/api/v1/me')),
    staleTime: Infinity,
  })
  const role = computed(() => query.data.value?.role ?? 'viewer')
  return {
    query,
    me: query.data,
    mayEdit: computed(() => role.value !== 'viewer'),
    mayAdminister: computed(() => role.value === 'admin'),
  }
}

export function useEnvs() {
  const preferences = usePreferences()
  const query = useQuery({
    queryKey: ['envs'],
    queryFn: async () => bodyOf(await api.GET('/api/v1/envs')).items,
    refetchInterval: ENVS_EVERY_MS,
  })
  const env = computed(
    () => query.data.value?.find(({ name }) => name === preferences.env) ?? query.data.value?.[0],
  )
  // Until the clusters are known, the one of the last visit: its rows are asked for at once.
  const envName = computed(() => env.value?.name ?? preferences.env)
  watch(env, (now) => {
    if (!now) return
    preferences.env = now.name
    clockZone.value = now.timezone
  })
  return { query, envs: query.data, env, envName }
}
