// A service as it is in the cluster now, asked for again and again while somebody looks.
import { useQuery } from '@tanstack/vue-query'
import { api, bodyOf } from '@/api/client'
import type { Service } from '@/api/types'

const EVERY_MS = 5_000

export function useLiveService({ env, namespace, deployment }: Service) {
  return useQuery({
    queryKey: ['live', env, namespace, deployment],
    queryFn: async () => {
      const params = { path: { env, namespace, deployment } }
      return bodyOf(
        await api.GET('/api/v1/envs/{env}/services/{namespace}/{deployment}/live', { params }),
      )
    },
    refetchInterval: EVERY_MS,
  })
}
