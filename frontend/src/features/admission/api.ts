// What admission decided, what runs otherwise than governed, and what it would make of a manifest.
import { useMutation, useQuery } from '@tanstack/vue-query'
import type { Ref } from 'vue'
import { api, bodyOf } from '@/api/client'
import type { Admission, AdmissionOutcome } from '@/api/types'

const LATEST = 500
const LOG_EVERY_MS = 5_000

export interface LogFilter {
  q: string
  outcome: AdmissionOutcome | ''
  /** Empty: every one. */
  namespace: string
  name: string
}

/** The latest decisions; asked for again every few seconds. */
export function useDecisions(env: Ref<string>, filter: Ref<LogFilter>) {
  return useQuery({
    queryKey: ['admissions', env, filter],
    queryFn: async (): Promise<{ items: Admission[]; total: number }> => {
      const { outcome, ...texts } = filter.value
      const query = { limit: LATEST, ...texts, ...(outcome !== '' && { outcome }) }
      const params = { path: { env: env.value }, query }
      return bodyOf(await api.GET('/api/v1/envs/{env}/admissions', { params }))
    },
    refetchInterval: LOG_EVERY_MS,
  })
}

const WEEK_MS = 7 * 24 * 3_600_000
const OBSERVED = ['would_patch', 'would_deny'] as const
const MOST = 1000

/** The decisions of the last week that `enforce` would have taken otherwise; `cut` where there were more. */
export function useObserved(env: Ref<string>) {
  return useQuery({
    queryKey: ['observed', env],
    queryFn: async () => {
      const pages = await Promise.all(
        OBSERVED.map(async (outcome) => {
          const params = { path: { env: env.value }, query: { outcome, limit: MOST } }
          return bodyOf(await api.GET('/api/v1/envs/{env}/admissions', { params }))
        }),
      )
      const since = new Date(Date.now() - WEEK_MS).toISOString()
      const items = pages.flatMap((page) => page.items).filter(({ at }) => at >= since)
      const isCut = ({ items: some, total }: (typeof pages)[number]) =>
        some.length < total && (some.at(-1)?.at ?? '') >= since
      return { items, cut: pages.some(isCut) }
    },
  })
}

/** Live Deployments that are not as the control table says. */
export function useDrift(env: Ref<string>) {
  return useQuery({
    queryKey: ['drift', env],
    queryFn: async () => {
      const params = { path: { env: env.value }, query: { limit: 5000 } }
      return bodyOf(await api.GET('/api/v1/envs/{env}/drift', { params }))
    },
  })
}

/** What admission would make of a manifest, in `enforce`. */
export function usePreview(env: Ref<string>) {
  return useMutation({
    mutationFn: async (manifest: string) =>
      bodyOf(
        await api.POST('/api/v1/envs/{env}/preview', {
          params: { path: { env: env.value } },
          body: { manifest, mode: 'enforce' },
        }),
      ),
  })
}
