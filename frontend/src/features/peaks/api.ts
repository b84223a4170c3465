// One day's peak data, and which days there are.
import { keepPreviousData, useQuery } from '@tanstack/vue-query'
import { computed, type Ref } from 'vue'
import { api, bodyOf } from '@/api/client'
import type { PeakFlag, PeakRow } from '@/api/types'
import { daysBefore } from '@/ui/chart/days'

const PATH = '/api/v1/envs/{env}/peaks'
const PAGE_ROWS = 2500
const DAYS_BACK = 400

export interface PeakFilter {
  /** Empty: the latest collected day. */
  date: string
  q: string
  namespace: string
  flag: PeakFlag | ''
}

/** What of a filter goes to the API: only what is set. */
export function askedOf(filter: PeakFilter) {
  const set = Object.entries(filter).filter(([, value]) => value !== '')
  return Object.fromEntries(set) as Partial<Omit<PeakFilter, 'flag'>> & { flag?: PeakFlag }
}

async function fetchPage(env: string, filter: PeakFilter, offset: number) {
  const query = { ...askedOf(filter), offset, limit: PAGE_ROWS }
  return bodyOf(await api.GET(PATH, { params: { path: { env }, query } }))
}

/** All rows of a day that match, the flags that are found among them, and the day itself. */
export function usePeaks(env: Ref<string>, filter: Ref<PeakFilter>) {
  return useQuery({
    queryKey: ['peaks', env, filter],
    queryFn: async () => {
      const first = await fetchPage(env.value, filter.value, 0)
      const items: PeakRow[] = [...first.items]
      while (items.length < first.total) {
        const next = await fetchPage(env.value, filter.value, items.length)
        if (next.items.length === 0) break
        items.push(...next.items)
      }
      return { ...first, items }
    },
    enabled: computed(() => env.value !== ''),
    placeholderData: keepPreviousData,
  })
}

/** The days that were collected, the latest first. */
export function useCollectedDays(env: Ref<string>) {
  return useQuery({
    queryKey: ['collected-days', env],
    queryFn: async () => {
      const since = daysBefore(new Date().toISOString().slice(0, 10), DAYS_BACK)
      const params = { path: { env: env.value }, query: { since } }
      const { days } = bodyOf(await api.GET('/api/v1/envs/{env}/trend', { params }))
      return days.map(({ date }) => date).reverse()
    },
    enabled: computed(() => env.value !== ''),
  })
}
