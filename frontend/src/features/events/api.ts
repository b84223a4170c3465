// What Kubernetes has told of its objects: of a time, by what people look for, part by part; and a service's days.
import { useQuery } from '@tanstack/vue-query'
import { computed, type Ref } from 'vue'
import { api, bodyOf } from '@/api/client'
import type { KubeEvent, Schemas } from '@/api/types'
import type { operations } from '@/api/schema'
import { askedOf } from '@/ui/list/address'
import { PART, useParts } from '@/ui/list/useParts'
import { timeOf } from './when'

const EVERY_MS = 30_000
export const FILTERS = [
  'when',
  'type',
  'reason',
  'object_kind',
  'namespace',
  'kind',
  'name',
  'q',
] as const
export type EventFilter = Record<(typeof FILTERS)[number], string>
type Query = NonNullable<operations['listEvents']['parameters']['query']>

/** The events that match, the latest first, and whether they are kept at all. */
export function useKubeEvents(env: Ref<string>, filter: Ref<EventFilter>) {
  const parts = useParts({
    queryKey: ['events', env, filter],
    ask: async (offset) => {
      const { when, ...others } = filter.value
      const asked = { ...askedOf(others), ...timeOf(when), limit: PART, offset }
      const params = { path: { env: env.value }, query: asked as unknown as Query }
      return bodyOf(await api.GET('/api/v1/envs/{env}/events', { params }))
    },
    idOf: ({ uid }: KubeEvent) => uid,
    enabled: computed(() => env.value !== ''),
    everyMs: () => EVERY_MS,
  })
  /** A part has more than a list knows of: whether they are kept, and how many were left out. */
  const latest = computed(
    () => parts.query.data.value?.pages.at(-1) as Schemas['EventPage'] | undefined,
  )
  return { ...parts, latest }
}

export type ServiceKey = Record<'env' | 'namespace' | 'kind' | 'name', string>

/** What happened to a service, by day, as far back as it is kept. */
export function useEventDays(service: Ref<ServiceKey>) {
  return useQuery({
    queryKey: ['event-days', service],
    queryFn: async () => {
      const { env, namespace, kind, name } = service.value
      const query = { kind: kind as 'Deployment' }
      const params = { path: { env, namespace, name }, query }
      return bodyOf(
        await api.GET('/api/v1/envs/{env}/services/{namespace}/{name}/event-days', { params }),
      ).items
    },
  })
}
