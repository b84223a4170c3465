// A service as it is in the cluster now, asked for again and again while somebody looks.
import { useQuery } from '@tanstack/vue-query'
import { api, bodyOf } from '@/api/client'
import type { LiveService, Service } from '@/api/types'

/** VerticalPodAutoscalers of the service; an API that does not look for them says nothing of them. */
interface WithVertical {
  vertical?: { name: string; mode: string; changes: boolean }[]
}

export const verticalOf = (live: (LiveService & WithVertical) | undefined) => live?.vertical ?? []

const EVERY_MS = 5_000

export function useLiveService({ env, namespace, name }: Service) {
  return useQuery({
    queryKey: ['live', env, namespace, name],
    queryFn: async () => {
      const params = { path: { env, namespace, name } }
      return bodyOf(
        await api.GET('/api/v1/envs/{env}/services/{namespace}/{name}/live', { params }),
      )
    },
    refetchInterval: EVERY_MS,
  })
}
