// Alerts that Alertmanager and scripts have sent, by day, name and service.
import { keepPreviousData, useQuery } from '@tanstack/vue-query'
import { computed, type Ref } from 'vue'
import { api, bodyOf } from '@/api/client'
import type { AlertGroup } from '@/api/types'

const EVERY_MS = 15_000
const MOST = 200

export interface AlertFilter {
  q: string
  state: string
  severity: string
}

export const STATES = ['firing', 'resolved'] as const
const stateOf = (text: string) => STATES.find((one) => one === text)

export function useAlerts(env: Ref<string>, filter: Ref<AlertFilter>) {
  return useQuery({
    queryKey: ['alerts', env, filter],
    queryFn: async () => {
      const { q, severity, state } = filter.value
      const told = stateOf(state)
      const query = { q, severity, limit: MOST, ...(told ? { state: told } : {}) }
      const params = { path: { env: env.value }, query }
      return bodyOf(await api.GET('/api/v1/envs/{env}/alerts', { params }))
    },
    enabled: computed(() => env.value !== ''),
    placeholderData: keepPreviousData,
    refetchInterval: EVERY_MS,
  })
}

/** Say that somebody takes care of the open alerts of a group. */
export async function acknowledge(env: string, group: AlertGroup, note: string): Promise<number> {
  const { alertname, namespace, kind, name, day } = group
  const query = { alertname, namespace, kind, name, day, state: 'firing', limit: MOST } as const
  const params = { path: { env }, query }
  const found = bodyOf(await api.GET('/api/v1/envs/{env}/alerts/occurrences', { params }))
  const alerts = found.items.map(({ fingerprint, starts_at }) => ({ fingerprint, starts_at }))
  if (alerts.length === 0) return 0
  const body = { alerts, note }
  const done = bodyOf(
    await api.POST('/api/v1/envs/{env}/alerts/ack', { params: { path: { env } }, body }),
  )
  return done.count
}
