// Drains and moves: what a drain would do, asking for them, following and cancelling them.
import { useQuery, useQueryClient } from '@tanstack/vue-query'
import { computed, ref, watch, type Ref } from 'vue'
import { api, bodyOf } from '@/api/client'
import type { NodeActionView, Schemas } from '@/api/types'
import { useChange } from '@/api/useChange'
import { useEventStream } from '@/api/useEventStream'

const PATH = '/api/v1/envs/{env}/node-actions'
const BUSY_EVERY_MS = 2_000
const IDLE_EVERY_MS = 30_000
const MOST_SHOWN = 10
export const isOpen = ({ state }: NodeActionView) => state === 'pending' || state === 'running'

/** What draining a node would do, as it is now; nothing is changed. */
export function useDrainPreview(env: string, node: string) {
  return useQuery({
    queryKey: ['drain-preview', env, node],
    queryFn: async () => {
      const params = { path: { env, name: node } }
      const path = '/api/v1/envs/{env}/nodes/{name}/drain/preview'
      return bodyOf(await api.POST(path, { params, body: {} }))
    },
    retry: false,
    gcTime: 0,
  })
}

export const useDrain = (env: string, node: string) =>
  useChange(async (body: Schemas['DrainRequest']) => {
    const params = { path: { env, name: node } }
    return bodyOf(await api.POST('/api/v1/envs/{env}/nodes/{name}/drain', { params, body }))
  })

export const useCarryOut = (env: string) =>
  useChange(async (body: Schemas['MovesRequest']) =>
    bodyOf(await api.POST('/api/v1/envs/{env}/nodes/plan', { params: { path: { env } }, body })),
  )

export const useCancel = (env: string) =>
  useChange(async (id: string) =>
    bodyOf(await api.POST(`${PATH}/{id}/cancel`, { params: { path: { env, id } } })),
  )

/** The latest drains and moves; asked for often while one is under way. */
export function useNodeActions(env: Ref<string>) {
  return useQuery({
    queryKey: ['node-actions', env],
    queryFn: async () => {
      const params = { path: { env: env.value }, query: { limit: MOST_SHOWN } }
      return bodyOf(await api.GET(PATH, { params }))
    },
    enabled: computed(() => env.value !== ''),
    refetchInterval: ({ state }) =>
      state.data?.items.some(isOpen) ? BUSY_EVERY_MS : IDLE_EVERY_MS,
  })
}

/** One drain or moves, followed to the end; polled while the stream of its events is broken. */
export function useNodeAction(env: string, first: NodeActionView) {
  const client = useQueryClient()
  const params = { path: { env, id: first.id } }
  const queryKey = ['node-action', env, first.id]
  const streaming = ref(false)
  const query = useQuery({
    queryKey,
    queryFn: async () => bodyOf(await api.GET(`${PATH}/{id}`, { params })),
    initialData: first,
    refetchInterval: ({ state }) =>
      state.data && isOpen(state.data) && !streaming.value ? BUSY_EVERY_MS : false,
  })
  const action = computed(() => query.data.value)
  const put = (data: string) => client.setQueryData(queryKey, JSON.parse(data) as NodeActionView)
  useEventStream({
    address: `/api/v1/envs/${encodeURIComponent(env)}/node-actions/${first.id}/events`,
    open: computed(() => isOpen(action.value)),
    streaming,
    onProgress: put,
    onEnd: put,
  })
  watch(
    () => isOpen(action.value),
    (open) => {
      if (open) return
      for (const key of ['nodes', 'node-actions', 'nodes-plan', 'nodes-simulation'])
        void client.invalidateQueries({ queryKey: [key, env] })
    },
  )
  return action
}
