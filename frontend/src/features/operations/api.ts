// Operations: asked for, watched while they go on, cancelled, taken back.
import { useMutation, useQuery, useQueryClient } from '@tanstack/vue-query'
import { computed, ref, type Ref } from 'vue'
import { api, bodyOf } from '@/api/client'
import { useChange } from '@/api/useChange'
import type {
  NewOperation,
  OperationDetail,
  OperationProgress,
  OperationSummary,
} from '@/api/types'
import { useEventStream } from '@/api/useEventStream'
import { askedOf, sortText } from '@/ui/list/address'
import { PART, useParts } from '@/ui/list/useParts'
import type { Sort } from '@/ui/table/columns'
import type { operations } from '@/api/schema'
import { isOpen, withProgress } from './progress'

const PATH = '/api/v1/envs/{env}/operations'
const BUSY_EVERY_MS = 2_000
const IDLE_EVERY_MS = 30_000
type Query = NonNullable<operations['listOperations']['parameters']['query']>
export const FILTERS = ['namespace', 'kind', 'state', 'actor', 'q'] as const
/** Empty for any; a value that the API does not know is refused by it, with the reason. */
export type OperationFilter = Partial<
  Record<(typeof FILTERS)[number] | 'name' | 'schedule_id', string>
>

/** Operations, the latest first where no order is given; asked for often while one is under way. */
export function useOperations(
  env: Ref<string>,
  filter: Ref<OperationFilter>,
  sort: Ref<Sort | null> = ref(null),
) {
  return useParts({
    queryKey: ['operations', env, filter, sort],
    ask: async (offset) => {
      const order = { sort: sortText(sort.value) }
      const query = { ...askedOf({ ...filter.value, ...order }), limit: PART, offset } as Query
      return bodyOf(await api.GET(PATH, { params: { path: { env: env.value }, query } }))
    },
    idOf: ({ id }: OperationSummary) => id,
    enabled: computed(() => env.value !== ''),
    everyMs: (items) => (items.some(isOpen) ? BUSY_EVERY_MS : IDLE_EVERY_MS),
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
  const open = computed(() => query.data.value !== undefined && isOpen(query.data.value))
  useEventStream({
    address: `/api/v1/envs/${encodeURIComponent(env)}/operations/${encodeURIComponent(id)}/events`,
    open,
    streaming,
    onProgress: (data) => {
      const message = JSON.parse(data) as OperationProgress
      client.setQueryData<OperationDetail>(queryKey, (known) => withProgress(known, message))
    },
    onEnd: () => void client.invalidateQueries(),
  })
  return { query, open, streaming }
}

/** What an operation would do; nothing is changed. */
export function usePreview(env: string) {
  return useMutation({
    mutationFn: async (body: NewOperation) =>
      bodyOf(await api.POST(`${PATH}/preview`, { params: { path: { env } }, body })),
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
export const useRollback = (env: string) =>
  useChange(async (id: string) =>
    bodyOf(await api.POST(`${PATH}/{id}/rollback`, { params: { path: { env, id } } })),
  )
