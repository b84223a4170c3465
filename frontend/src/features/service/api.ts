// What the page of one service asks and changes.
import { useMutation, useQueryClient } from '@tanstack/vue-query'
import { api, bodyOf } from '@/api/client'
import type { Mode, Service } from '@/api/types'
import type { ServiceKey } from '@/features/services/edit/drafts'
import { daysBefore } from '@/ui/chart/days'

interface GovernanceChange {
  service: Service
  body: { mode: Mode | null; replicas_policy: Service['replicas_policy']; note: string }
}

/** Change how a service is governed, based on the version that was shown. */
export function useChangeGovernance() {
  const client = useQueryClient()
  return useMutation({
    mutationFn: async ({ service, body }: GovernanceChange) => {
      const { env, namespace, deployment, version } = service
      const params = { path: { env, namespace, deployment }, header: { 'If-Match': version } }
      return bodyOf(
        await api.PATCH('/api/v1/envs/{env}/services/{namespace}/{deployment}', { params, body }),
      )
    },
    onSuccess: () =>
      Promise.all([
        client.invalidateQueries({ queryKey: ['services'] }),
        client.invalidateQueries({ queryKey: ['service'] }),
        client.invalidateQueries({ queryKey: ['revisions'] }),
      ]),
  })
}

const LATEST_REVISIONS = 50

/** What was collected of a service in so many days up to now. */
export async function fetchServiceTrend({ env, namespace, deployment }: ServiceKey, days: number) {
  const today = new Date().toISOString().slice(0, 10)
  const params = { path: { env, namespace, deployment }, query: { since: daysBefore(today, days) } }
  return bodyOf(
    await api.GET('/api/v1/envs/{env}/services/{namespace}/{deployment}/trend', { params }),
  ).days
}

/** The versions of the expert's row, the latest first. */
export async function fetchRevisions({ env, namespace, deployment }: ServiceKey) {
  const params = { path: { env, namespace, deployment }, query: { limit: LATEST_REVISIONS } }
  return bodyOf(
    await api.GET('/api/v1/envs/{env}/services/{namespace}/{deployment}/history', { params }),
  ).items
}

/** Bring an old version of the expert's row back, as a new version. */
export function useRestore() {
  const client = useQueryClient()
  return useMutation({
    mutationFn: async ({ service, version }: { service: Service; version: string }) => {
      const { env, namespace, deployment } = service
      const params = {
        path: { env, namespace, deployment },
        header: { 'If-Match': service.version },
      }
      return bodyOf(
        await api.POST('/api/v1/envs/{env}/services/{namespace}/{deployment}/restore', {
          params,
          body: { restore_version: version },
        }),
      )
    },
    onSuccess: () =>
      Promise.all([
        client.invalidateQueries({ queryKey: ['services'] }),
        client.invalidateQueries({ queryKey: ['service'] }),
        client.invalidateQueries({ queryKey: ['revisions'] }),
      ]),
  })
}
