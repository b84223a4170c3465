// What the page of one service asks and changes.
import { useMutation, useQuery, useQueryClient } from '@tanstack/vue-query'
import { api, bodyOf } from '@/api/client'
import type { Mode, Service } from '@/api/types'
import { showServices } from '@/features/services/api'
import type { ServiceKey } from '@/features/services/edit/drafts'
import { daysBefore } from '@/ui/chart/days'
import type { Window } from './window'

interface GovernanceChange {
  service: Service
  body: { mode: Mode | null; replicas_policy: Service['replicas_policy']; note: string }
}

/** Change how a service is governed, based on the version that was shown. */
export function useChangeGovernance() {
  const client = useQueryClient()
  return useMutation({
    mutationFn: async ({ service, body }: GovernanceChange) => {
      const { env, namespace, name, version } = service
      const params = { path: { env, namespace, name }, header: { 'If-Match': version } }
      return bodyOf(
        await api.PATCH('/api/v1/envs/{env}/services/{namespace}/{name}', { params, body }),
      )
    },
    onSuccess: (service) => showServices(client, [service]),
  })
}

const LATEST_REVISIONS = 50

/** What was collected of a service in so many days up to now: resources, requests, JVMs. */
export async function fetchServiceTrend({ env, namespace, name }: ServiceKey, days: number) {
  const today = new Date().toISOString().slice(0, 10)
  const params = { path: { env, namespace, name }, query: { since: daysBefore(today, days) } }
  return bodyOf(await api.GET('/api/v1/envs/{env}/services/{namespace}/{name}/trend', { params }))
}

/** The pods of a service over a window; without one, over the latest collected peak. */
export async function fetchPodCurves(
  { env, namespace, name }: ServiceKey,
  { since, until }: Window,
) {
  const query = since !== null && until !== null ? { since, until } : {}
  const params = { path: { env, namespace, name }, query }
  return bodyOf(await api.GET('/api/v1/envs/{env}/services/{namespace}/{name}/pods', { params }))
}

async function fetchRevisions({ env, namespace, name }: ServiceKey) {
  const params = { path: { env, namespace, name }, query: { limit: LATEST_REVISIONS } }
  return bodyOf(await api.GET('/api/v1/envs/{env}/services/{namespace}/{name}/history', { params }))
    .items
}

/** The versions of the expert's row, the latest first. */
export function useRevisions({ env, namespace, name }: ServiceKey) {
  return useQuery({
    queryKey: ['revisions', env, namespace, name],
    queryFn: () => fetchRevisions({ env, namespace, name }),
  })
}

/** Bring an old version of the expert's row back, as a new version. */
export function useRestore() {
  const client = useQueryClient()
  return useMutation({
    mutationFn: async ({ service, version }: { service: Service; version: string }) => {
      const { env, namespace, name } = service
      const params = {
        path: { env, namespace, name },
        header: { 'If-Match': service.version },
      }
      return bodyOf(
        await api.POST('/api/v1/envs/{env}/services/{namespace}/{name}/restore', {
          params,
          body: { restore_version: version },
        }),
      )
    },
    onSuccess: (service) => showServices(client, [service]),
  })
}
