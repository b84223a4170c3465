// Operations: asked for, watched while they go on, cancelled, taken back.
import { useMutation, useQuery, useQueryClient } from '@tanstack/vue-query'
import { computed, onScopeDispose, ref, watch, type Ref } from 'vue'
import { api, bodyOf } from '@/api/client'
import type { NewOperation, Operation, OperationProgress, OperationSummary } from '@/api/types'
import { isOpen, withProgress } from './progress'

const PATH = '/api/v1/envs/{env}/operations'
const BUSY_EVERY_MS = 2_000
const IDLE_EVERY_MS = 30_000
const LATEST = 200

export interface OperationFilter {
  state?: OperationSummary['state']
  q?: string
  namespace?: string
  deployment?: string
  schedule_id?: string
}

/** The latest operations; asked for often while one is under way. */
export function useOperations(env: Ref<string>, filter: Ref<OperationFilter>) {
  return useQuery({
    queryKey: ['operations', env, filter],
    queryFn: async () => {
      const query = { ...filter.value, limit: LATEST }
      return bodyOf(await api.GET(PATH, { params: { path: { env: env.value }, query } }))
    },
    enabled: computed(() => env.value !== ''),
    refetchInterval: ({ state }) =>
      state.data?.items.some(isOpen) ? BUSY_EVERY_MS : IDLE_EVERY_MS,
  })
}

/** One operation, told step by step; polled while the stream of its events is broken. */
export function useOperation(env: string, id: string) {
  const client = useQueryClient()
  const queryKey = ['operation', env, id]
  const streaming = ref(false)
  const query = useQuery({
    queryKey,
    queryFn: async () => bodyOf(await api.GET(`${PATH}/{id}`, { params: { path: { env, id } } })),
    refetchInterval: ({ state }) =>
      state.data && isOpen(state.data) && !streaming.value ? BUSY_EVERY_MS : false,
  })
  let source: EventSource | null = null

  function close() {
    source?.close()
    source = null
    streaming.value = false
  }

  function listen() {
    source = new EventSource(
      `/api/v1/envs/${encodeURIComponent(env)}/operations/${encodeURIComponent(id)}/events`,
    )
    source.addEventListener('open', () => (streaming.value = true))
    source.addEventListener('error', () => (streaming.value = false))
    source.addEventListener('progress', ({ data }: MessageEvent<string>) => {
      const message = JSON.parse(data) as OperationProgress
      client.setQueryData<Operation>(queryKey, (known) => withProgress(known, message))
    })
    source.addEventListener('end', () => {
      close()
      void client.invalidateQueries()
    })
  }
  const open = computed(() => query.data.value !== undefined && isOpen(query.data.value))
  watch(open, (now) => (now && !source ? listen() : now || close()), { immediate: true })
  onScopeDispose(close)
  return { query, open, streaming }
}

/** What an operation would do; nothing is changed. */
export function usePreview(env: string) {
  return useMutation({
    mutationFn: async (body: NewOperation) =>
      bodyOf(await api.POST(`${PATH}/preview`, { params: { path: { env } }, body })),
  })
}

function useChange<Asked>(change: (asked: Asked) => Promise<Operation>) {
  const client = useQueryClient()
  return useMutation({
    mutationFn: change,
    onSettled: () =>
      client.invalidateQueries({ predicate: ({ queryKey }) => queryKey[0] !== 'me' }),
  })
}

/** Ask for an operation; resolves with it, not yet begun. */
export const useCreate = (env: string) =>
  useChange(async (body: NewOperation) =>
    bodyOf(await api.POST(PATH, { params: { path: { env } }, body })),
  )

/** Leave out what is not begun. */
export const useCancel = (env: string) =>
  useChange(async (id: string) =>
    bodyOf(await api.POST(`${PATH}/{id}/cancel`, { params: { path: { env, id } } })),
  )

/** Bring back the values before of what failed; resolves with the operation that does it. */
export const useTakeBack = (env: string) =>
  useChange(async (id: string) =>
    bodyOf(await api.POST(`${PATH}/{id}/take-back`, { params: { path: { env, id } } })),
  )
