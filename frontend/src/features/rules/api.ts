// Rules replayed over the stored days, peak hours found in them, and use by hour and day.
import { keepPreviousData, useQuery } from '@tanstack/vue-query'
import { computed, type Ref } from 'vue'
import { api, bodyOf } from '@/api/client'
import type { ReplayRule, Service } from '@/api/types'

/** A replay reads every day of every service: it is asked for again when something changes, not by the clock. */
const STALE_MS = 300_000

export interface ReplayAsked {
  days: number
  /** What is tried beside the presets and the rule that holds. */
  rule: ReplayRule | null
  exceptions: string | null
}

export function useReplay(env: Ref<string>, asked: Ref<ReplayAsked>) {
  return useQuery({
    queryKey: ['replay', env, asked],
    queryFn: async () => {
      const { days, rule, exceptions } = asked.value
      const body = { days, rules: rule ? [rule] : [], rule_exceptions: exceptions }
      return bodyOf(
        await api.POST('/api/v1/envs/{env}/replay', { params: { path: { env: env.value } }, body }),
      )
    },
    enabled: computed(() => env.value !== ''),
    placeholderData: keepPreviousData,
    staleTime: STALE_MS,
    retry: false,
  })
}

export function usePeakHours(env: Ref<string>, days: Ref<number>) {
  return useQuery({
    queryKey: ['peak-hours', env, days],
    queryFn: async () => {
      const params = { path: { env: env.value }, query: { days: days.value } }
      return bodyOf(await api.GET('/api/v1/envs/{env}/peak-hours', { params }))
    },
    enabled: computed(() => env.value !== ''),
    placeholderData: keepPreviousData,
    staleTime: STALE_MS,
  })
}

export interface HeatOf {
  namespace?: string
  kind?: Service['kind']
  name?: string
}

export function useHeatMap(env: Ref<string>, days: Ref<number>, of: Ref<HeatOf>) {
  return useQuery({
    queryKey: ['heat-map', env, days, of],
    queryFn: async () => {
      const params = { path: { env: env.value }, query: { days: days.value, ...of.value } }
      return bodyOf(await api.GET('/api/v1/envs/{env}/heat-map', { params }))
    },
    enabled: computed(() => env.value !== ''),
    placeholderData: keepPreviousData,
    staleTime: STALE_MS,
  })
}
