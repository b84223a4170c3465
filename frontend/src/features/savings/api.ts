// Advice on pod counts: listed part by part as the address asks, and what all of it comes to.
import { keepPreviousData, useQuery } from '@tanstack/vue-query'
import { computed, type Ref } from 'vue'
import { api, bodyOf } from '@/api/client'
import type { operations } from '@/api/schema'
import type { AcceptedAdvice, Advice } from '@/api/types'
import { askedOf, sortText } from '@/ui/list/address'
import { PART, useParts } from '@/ui/list/useParts'
import type { Sort } from '@/ui/table/columns'

type Query = NonNullable<operations['listAdvice']['parameters']['query']>
/** A verdict, or every one of them. */
export type Shown = Advice['verdict'] | 'all'
export interface AdviceFilter {
  verdict: Shown
  namespace: string
}

const EVERY_MS = 60_000
export const idOf = ({ namespace, name }: Pick<Advice, 'namespace' | 'name'>) =>
  `${namespace}/${name}`

async function fetchPart(
  env: string,
  { verdict, namespace }: AdviceFilter,
  page: { sort?: string | undefined; limit: number; offset: number },
) {
  const filter = { verdict: verdict === 'all' ? '' : verdict, namespace }
  const query = askedOf({ ...filter, ...page }) as Query
  return bodyOf(await api.GET('/api/v1/envs/{env}/advice', { params: { path: { env }, query } }))
}

/** The advice that a filter shows, in an order of the API. */
export function useAdvice(env: Ref<string>, filter: Ref<AdviceFilter>, sort: Ref<Sort | null>) {
  return useParts({
    queryKey: ['advice', env, filter, sort],
    ask: async (offset) => {
      const page = { sort: sortText(sort.value), limit: PART, offset }
      const { items, totals } = await fetchPart(env.value, filter.value, page)
      return { items, total: totals.services }
    },
    idOf: (one: Advice) => idOf(one),
    enabled: computed(() => env.value !== ''),
    everyMs: () => EVERY_MS,
  })
}

/** What all of it comes to, how much there is of each verdict, and of which day it is. */
export function useAdviceTotals(env: Ref<string>, filter: Ref<AdviceFilter>) {
  return useQuery({
    queryKey: ['advice', env, filter, 'totals'],
    queryFn: () => fetchPart(env.value, filter.value, { limit: 1, offset: 0 }),
    enabled: computed(() => env.value !== ''),
    placeholderData: keepPreviousData,
    refetchInterval: EVERY_MS,
  })
}

/** The advice on one service, made anew. */
export async function fetchAdvice(env: string, namespace: string, name: string): Promise<Advice> {
  const params = { path: { env, namespace, name } }
  return bodyOf(await api.GET('/api/v1/envs/{env}/advice/{namespace}/{name}', { params }))
}

export type ExportFormat = NonNullable<
  NonNullable<operations['exportAdvice']['parameters']['query']>['format']
>

/** The shown advice as commands, lines or manifests. */
export async function fetchExport(env: string, filter: AdviceFilter, format: ExportFormat) {
  const { verdict, namespace } = filter
  const asked = askedOf({ format, namespace, verdict: verdict === 'all' ? '' : verdict })
  const query = asked as NonNullable<operations['exportAdvice']['parameters']['query']>
  const params = { path: { env }, query }
  return bodyOf(await api.GET('/api/v1/envs/{env}/advice/export', { params, parseAs: 'text' }))
}

/** The latest acceptance of each service in the last year, the newest first. */
export function useAccepted(env: Ref<string>) {
  return useParts({
    queryKey: ['advice', env, 'outcomes'],
    ask: async (offset) => {
      const params = { path: { env: env.value }, query: { limit: PART, offset } }
      return bodyOf(await api.GET('/api/v1/envs/{env}/advice/outcomes', { params }))
    },
    idOf: ({ advice_id }: AcceptedAdvice) => advice_id,
    enabled: computed(() => env.value !== ''),
    everyMs: () => EVERY_MS,
  })
}

/** What became of advice in the last year. */
export function useAdviceStatistics(env: Ref<string>) {
  return useQuery({
    queryKey: ['advice', env, 'statistics'],
    queryFn: async () => {
      const params = { path: { env: env.value } }
      return bodyOf(await api.GET('/api/v1/envs/{env}/advice/statistics', { params }))
    },
    enabled: computed(() => env.value !== ''),
  })
}
