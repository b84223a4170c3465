// Actions on pods: which there are, what one would do, asking for it, and following it.
import { useMutation, useQuery, useQueryClient } from '@tanstack/vue-query'
import { computed, ref, watch, type Ref } from 'vue'
import { api, bodyOf } from '@/api/client'
import { useChange } from '@/api/useChange'
import type { operations } from '@/api/schema'
import type { NewPodAction, PodActionView, Schemas } from '@/api/types'
import { useEventStream } from '@/api/useEventStream'
import { useMe } from '@/features/session/useSession'
import { askedOf } from '@/ui/list/address'
import { PART, useParts } from '@/ui/list/useParts'
import { against } from './may'

const PATH = '/api/v1/envs/{env}/pod-actions'
const BUSY_EVERY_MS = 2_000
const IDLE_EVERY_MS = 30_000
const OPEN = new Set<PodActionView['state']>([
  'pending',
  'running',
  'undoing',
  'expiring',
  'sending',
  'removing',
  'waiting',
  'open',
  'closing',
])
const isOpen = ({ state }: PodActionView) => OPEN.has(state)
export const FILTERS = [
  'namespace',
  'pod',
  'service',
  'service_kind',
  'kind',
  'state',
  'isolated',
] as const
type Query = NonNullable<operations['listPodActions']['parameters']['query']>

/** What can be done to pods of a namespace by whoever looks; nothing is known until both have answered. */
export function useAgainst(env: string, namespace: string) {
  const { me } = useMe()
  const query = useQuery({
    queryKey: ['pod-action-groups', env],
    queryFn: async () => bodyOf(await api.GET(`${PATH}/groups`, { params: { path: { env } } })),
    staleTime: 60_000,
  })
  const found = computed(() => {
    const [groups, grants] = [query.data.value, me.value?.grants]
    return groups && grants ? { groups, against: against(groups, grants, env, namespace) } : null
  })
  return { query, found }
}

/** What was done to pods, the latest first; asked for often while something is under way. */
export function usePodActions(
  env: Ref<string>,
  filter: Ref<Partial<Record<(typeof FILTERS)[number], string>>>,
) {
  return useParts({
    queryKey: ['pod-actions', env, filter],
    ask: async (offset) => {
      const query = { ...askedOf(filter.value), limit: PART, offset } as unknown as Query
      return bodyOf(await api.GET(PATH, { params: { path: { env: env.value }, query } }))
    },
    idOf: ({ id }: PodActionView) => id,
    enabled: computed(() => env.value !== ''),
    everyMs: (items) => (items.some(isOpen) ? BUSY_EVERY_MS : IDLE_EVERY_MS),
  })
}

/**
 * One action, followed step by step; polled while the stream of its events is broken.
 *
 * @param live whether it has a stream at all: a browser keeps few connections open to one address.
 */
export function usePodAction(env: string, first: PodActionView, live: boolean) {
  const client = useQueryClient()
  const params = { path: { env, id: first.id } }
  const queryKey = ['pod-action', env, first.id]
  const streaming = ref(false)
  const query = useQuery({
    queryKey,
    queryFn: async () => bodyOf(await api.GET(`${PATH}/{id}`, { params })),
    initialData: first,
    refetchInterval: ({ state }) =>
      state.data && isOpen(state.data) && !streaming.value ? BUSY_EVERY_MS : false,
  })
  const action = computed(() => query.data.value)
  const put = (data: string) => client.setQueryData(queryKey, JSON.parse(data) as PodActionView)
  useEventStream({
    address: `/api/v1/envs/${encodeURIComponent(env)}/pod-actions/${first.id}/events`,
    open: computed(() => live && isOpen(action.value)),
    streaming,
    onProgress: put,
    onEnd: put,
  })
  watch(
    () => isOpen(action.value),
    (open) => {
      if (open) return
      for (const queryKey of [
        ['pod-actions', env],
        ['live', env],
      ])
        void client.invalidateQueries({ queryKey })
    },
  )
  return action
}

/** What each of some actions would do, or why it can't be done; nothing is changed. */
export function usePreviews(env: string) {
  return useMutation({
    mutationFn: (bodies: readonly Schemas['AskedPodAction'][]) =>
      Promise.all(
        bodies.map(async (body) => {
          const { pod } = body
          try {
            const params = { path: { env } }
            return {
              pod,
              preview: bodyOf(await api.POST(`${PATH}/preview`, { params, body })),
              error: null,
            }
          } catch (error) {
            return { pod, preview: null, error: error as Error }
          }
        }),
      ),
  })
}

/** Ask for an action; resolves with it, not yet begun. */
export const useCreate = (env: string) =>
  useChange(async (body: NewPodAction) =>
    bodyOf(await api.POST(PATH, { params: { path: { env } }, body })),
  )

/** Remove a file from its pod that nobody is to take. */
export const useDiscard = (env: string) =>
  useChange(async (id: string) =>
    bodyOf(await api.DELETE(`${PATH}/{id}/file`, { params: { path: { env, id } } })),
  )

/** Put an isolated pod back. */
export const useUndo = (env: string) =>
  useChange(async (id: string) =>
    bodyOf(await api.POST(`${PATH}/{id}/undo`, { params: { path: { env, id } } })),
  )
