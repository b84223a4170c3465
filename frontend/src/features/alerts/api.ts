// Alerts that Alertmanager and scripts have sent, by day, name and service; what else is known of the service.
import { useQuery } from '@tanstack/vue-query'
import { computed, type Ref } from 'vue'
import { api, bodyOf } from '@/api/client'
import type { operations } from '@/api/schema'
import type { AlertGroup } from '@/api/types'
import { askedOf } from '@/ui/list/address'
import { PART, useParts } from '@/ui/list/useParts'

const EVERY_MS = 15_000
/** As many as can be acknowledged at once. */
const MOST = 1000
export const FILTERS = ['q', 'state', 'severity', 'namespace'] as const
export const STATES = ['firing', 'resolved'] as const
type Query = NonNullable<operations['listAlerts']['parameters']['query']>

/** What tells a group from the others. */
export const keyOf = ({ day, alertname, namespace, kind, name }: AlertGroup) =>
  [day, alertname, namespace, kind, name].join('/')

export function useAlerts(env: Ref<string>, filter: Ref<Record<(typeof FILTERS)[number], string>>) {
  return useParts({
    queryKey: ['alerts', env, filter],
    ask: async (offset) => {
      const query = { ...askedOf(filter.value), limit: PART, offset } as unknown as Query
      const params = { path: { env: env.value }, query }
      return bodyOf(await api.GET('/api/v1/envs/{env}/alerts', { params }))
    },
    idOf: keyOf,
    enabled: computed(() => env.value !== ''),
    everyMs: () => EVERY_MS,
  })
}

/** What is found wrong with the service of a group, and what was changed of it within a day. */
export function useAlertContext(env: Ref<string>, group: Ref<AlertGroup>) {
  return useQuery({
    queryKey: ['alert-context', env, computed(() => keyOf(group.value))],
    queryFn: async () => {
      const { namespace, kind, name } = group.value
      const path = { env: env.value, namespace, name }
      const of = { params: { path, query: { kind: kind as 'Deployment' } } }
      const asked = { params: { path: { env: env.value }, query: { namespace, name } } }
      const [found, changed] = await Promise.all([
        api.GET('/api/v1/envs/{env}/findings', asked),
        api.GET('/api/v1/envs/{env}/services/{namespace}/{name}/changes', of),
      ])
      const { items: findings, watch } = bodyOf(found)
      return { findings, watch, changes: bodyOf(changed).items }
    },
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
