// How well a service asks for what it uses, and what takes points.
import { useQuery } from '@tanstack/vue-query'
import { api, bodyOf } from '@/api/client'
import type { ServiceKey } from '@/features/services/edit/drafts'

export function useServiceScore({ env, namespace, name }: ServiceKey) {
  return useQuery({
    queryKey: ['score', env, namespace, name],
    queryFn: async () => {
      const params = { path: { env, namespace, name } }
      return bodyOf(
        await api.GET('/api/v1/envs/{env}/services/{namespace}/{name}/score', { params }),
      )
    },
  })
}
