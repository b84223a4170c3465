// What the page of one service asks and changes.
import { useMutation, useQueryClient } from '@tanstack/vue-query'
import { api, bodyOf } from '@/api/client'
import type { Mode, Service } from '@/api/types'

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
      ]),
  })
}
