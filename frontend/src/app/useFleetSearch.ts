// Services of other envs that a text names; asked for once somebody stops typing.
import { keepPreviousData, useQuery } from '@tanstack/vue-query'
import { computed, type Ref } from 'vue'
import { api, bodyOf } from '@/api/client'
import { useEnvs } from '@/features/session/useSession'
import { useLater } from '@/ui/useLater'

const LEAST_CHARACTERS = 2

export function useFleetSearch(text: Ref<string>) {
  const { envs, envName } = useEnvs()
  const q = useLater(() => text.value.trim())
  const enabled = computed(
    () => q.value.length >= LEAST_CHARACTERS && (envs.value?.length ?? 0) > 1,
  )
  const query = useQuery({
    queryKey: ['fleet', 'services', q],
    queryFn: async () =>
      bodyOf(await api.GET('/api/v1/fleet/services', { params: { query: { q: q.value } } })),
    enabled,
    placeholderData: keepPreviousData,
  })
  return computed(() =>
    enabled.value ? (query.data.value?.items ?? []).filter(({ env }) => env !== envName.value) : [],
  )
}
