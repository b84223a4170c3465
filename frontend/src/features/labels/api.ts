// Who owns each service, and the labels that the settings have columns for.
import { useQuery } from '@tanstack/vue-query'
import { computed, type Ref } from 'vue'
import { api, bodyOf } from '@/api/client'
import { idOf } from '@/features/services/edit/drafts'
import type { Labels } from './labels'

/** What is known of an env's labels; nothing while it isn't told. */
export function useLabels(env: Ref<string>) {
  const query = useQuery({
    queryKey: ['labels', env],
    queryFn: async () => {
      const params = { path: { env: env.value } }
      return bodyOf(await api.GET('/api/v1/envs/{env}/labels', { params }))
    },
    enabled: computed(() => env.value !== ''),
  })
  const byId = computed<ReadonlyMap<string, Labels>>(() => {
    const items = query.data.value?.items ?? []
    return new Map(
      items.map(({ namespace, name, owner, labels }) => [
        idOf({ env: env.value, namespace, name }),
        { owner, labels },
      ]),
    )
  })
  /** Keys of the labels that have columns. */
  const columns = computed(() => query.data.value?.columns ?? [])
  const owners = computed(() =>
    [...new Set([...byId.value.values()].map(({ owner }) => owner))].filter(Boolean).sort(),
  )
  return { byId, columns, owners }
}
