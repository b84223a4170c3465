// Schedules: looked at, made, changed, paused, run now; their runs, their times, who runs them.
import { useMutation, useQuery, useQueryClient } from '@tanstack/vue-query'
import { computed, type Ref } from 'vue'
import { api, bodyOf } from '@/api/client'
import type { operations } from '@/api/schema'
import type { NewSchedule, ScheduleSummary } from '@/api/types'
import { askedOf, sortText } from '@/ui/list/address'
import { PART, useParts } from '@/ui/list/useParts'
import type { Sort } from '@/ui/table/columns'

const PATH = '/api/v1/envs/{env}/schedules'
const EVERY_MS = 10_000
const LATEST_RUNS = 100
const MOST_TIMES = 1_000

type Query = NonNullable<operations['listSchedules']['parameters']['query']>
export const FILTERS = ['namespace', 'kind', 'state', 'q'] as const
type ScheduleFilter = Record<(typeof FILTERS)[number], string>

/** Schedules, the next one first where no order is given. */
export function useSchedules(
  env: Ref<string>,
  filter: Ref<ScheduleFilter>,
  sort: Ref<Sort | null>,
) {
  return useParts({
    queryKey: ['schedules', env, filter, sort],
    ask: async (offset) => {
      const order = { sort: sortText(sort.value) }
      const query = { ...askedOf({ ...filter.value, ...order }), limit: PART, offset } as Query
      return bodyOf(await api.GET(PATH, { params: { path: { env: env.value }, query } }))
    },
    idOf: ({ id }: ScheduleSummary) => id,
    enabled: computed(() => env.value !== ''),
    everyMs: () => EVERY_MS,
  })
}

export function useSchedule(env: string, id: string) {
  return useQuery({
    queryKey: ['schedule', env, id],
    queryFn: async () => bodyOf(await api.GET(`${PATH}/{id}`, { params: { path: { env, id } } })),
    refetchInterval: EVERY_MS,
  })
}

/** The latest runs, and those that were left out. */
export function useRuns(env: string, id: string) {
  return useQuery({
    queryKey: ['schedule-runs', env, id],
    queryFn: async () => {
      const params = { path: { env, id }, query: { limit: LATEST_RUNS } }
      return bodyOf(await api.GET(`${PATH}/{id}/runs`, { params }))
    },
    refetchInterval: 3_000,
  })
}

export interface TimeQuestion {
  timezone: string
  cron?: string
  once_at?: string
}

/** When something would run, or what is wrong with it. */
export function useTimes(env: string, question: Ref<TimeQuestion>) {
  return useQuery({
    queryKey: ['schedule-times', env, question],
    queryFn: async () => {
      const params = { path: { env }, query: question.value }
      return bodyOf(await api.GET('/api/v1/envs/{env}/schedule-times', { params }))
    },
    retry: false,
  })
}

interface Finder {
  namespaces: string[]
  labels: string
  name: string
}

/** Which services a selector finds now. */
export function useMatches(env: string, finder: Ref<Finder>) {
  return useQuery({
    queryKey: ['schedule-matches', env, finder],
    queryFn: async () => {
      const params = { path: { env }, query: finder.value }
      return bodyOf(await api.GET('/api/v1/envs/{env}/schedule-matches', { params }))
    },
    enabled: computed(() => {
      const { namespaces, labels, name } = finder.value
      return namespaces.length > 0 || labels !== '' || name !== ''
    }),
    retry: false,
  })
}

export function useCalendar(
  env: Ref<string>,
  bounds: Ref<{ since: string; until: string } | null>,
) {
  return useQuery({
    queryKey: ['schedule-calendar', env, bounds],
    queryFn: async () => {
      if (!bounds.value) return { items: [], truncated: false }
      const query = { ...bounds.value, limit: MOST_TIMES }
      const params = { path: { env: env.value }, query }
      return bodyOf(await api.GET('/api/v1/envs/{env}/schedule-calendar', { params }))
    },
    enabled: computed(() => env.value !== ''),
  })
}

export function useLeader(env: Ref<string>) {
  return useQuery({
    queryKey: ['leader', env],
    queryFn: async () =>
      bodyOf(await api.GET('/api/v1/envs/{env}/leader', { params: { path: { env: env.value } } })),
    enabled: computed(() => env.value !== ''),
    refetchInterval: EVERY_MS,
  })
}

function useChange<Asked, Answer>(change: (asked: Asked) => Promise<Answer>) {
  const client = useQueryClient()
  const shown = (key: unknown) => typeof key === 'string' && key.startsWith('schedule')
  return useMutation({
    mutationFn: change,
    onSettled: () => client.invalidateQueries({ predicate: ({ queryKey }) => shown(queryKey[0]) }),
  })
}

interface Save {
  body: NewSchedule
  /** What is changed, in the version that was shown; none makes a new one. */
  known: { id: string; version: string } | null
}

export const useSave = (env: string) =>
  useChange(async ({ body, known }: Save) => {
    if (!known) return bodyOf(await api.POST(PATH, { params: { path: { env } }, body }))
    const params = { path: { env, id: known.id }, header: { 'If-Match': known.version } }
    return bodyOf(await api.PUT(`${PATH}/{id}`, { params, body }))
  })

/** Pause what is enabled, enable what is paused. */
export const useToggle = () =>
  useChange(async ({ env, id, version, enabled }: ScheduleSummary) => {
    const params = { path: { env, id }, header: { 'If-Match': version } }
    return bodyOf(
      enabled
        ? await api.POST(`${PATH}/{id}/pause`, { params })
        : await api.POST(`${PATH}/{id}/enable`, { params }),
    )
  })

/** Resolves with the run, whose operation can be followed. */
export const useRunNow = () =>
  useChange(async ({ env, id }: ScheduleSummary) =>
    bodyOf(await api.POST(`${PATH}/{id}/run`, { params: { path: { env, id } } })),
  )

export const useRemoveSchedule = () =>
  useChange(async ({ env, id, version }: ScheduleSummary) => {
    const params = { path: { env, id }, header: { 'If-Match': version } }
    await api.DELETE(`${PATH}/{id}`, { params })
  })
