// The model that explains: whether there is one, and one question at a time.
import { useMutation, useQuery } from '@tanstack/vue-query'
import { computed, ref } from 'vue'
import { useI18n } from 'vue-i18n'
import { api, bodyOf } from '@/api/client'
import type { AiCall, NewAiCall } from '@/api/types'
import { useSettings } from '@/features/settings/api'

const EVERY_MS = 1_000
export type AiTask = 'explain_score' | 'review_advice' | 'narrate_finding'
export type AskedService = Pick<NewAiCall, 'namespace' | 'kind' | 'name'> &
  Partial<Pick<NewAiCall, 'finding'>> & { env: string }

/** Whether a model may be asked in a cluster; false until that is known. */
export function useMayAsk(env: string) {
  const status = useQuery({
    queryKey: ['ai', 'status'],
    queryFn: async () => bodyOf(await api.GET('/api/v1/ai/status')),
    staleTime: 60_000,
  })
  const settings = useSettings(ref(env))
  return computed(() => {
    const enabled = settings.data.value?.find(({ key }) => key === 'ai_enabled')?.value
    return status.data.value?.configured === true && enabled === 'on'
  })
}

/** A question about a service: asked by `ask`, then looked at until it has an answer or none will come. */
export function useQuestion({ env, ...service }: AskedService, task: AiTask) {
  const { locale } = useI18n()
  const id = ref('')
  const asking = useMutation({
    mutationFn: async () => {
      const language = locale.value === 'zh-CN' ? ('zh-CN' as const) : ('en' as const)
      const params = { path: { env, task } }
      const body = { finding: '', ...service, language }
      return bodyOf(await api.POST('/api/v1/envs/{env}/ai/{task}', { params, body }))
    },
    onSuccess: (call: AiCall) => (id.value = call.id),
  })
  const query = useQuery({
    queryKey: ['ai', 'call', env, id],
    queryFn: async () => {
      const params = { path: { env, id: id.value } }
      return bodyOf(await api.GET('/api/v1/envs/{env}/ai/calls/{id}', { params }))
    },
    enabled: computed(() => id.value !== ''),
    refetchInterval: ({ state }) => (state.data?.state === 'asked' ? EVERY_MS : false),
  })
  const call = computed(() => query.data.value ?? asking.data.value)
  const waiting = computed(() => asking.isPending.value || call.value?.state === 'asked')
  const error = computed(() => asking.error.value ?? query.error.value)
  return { ask: () => asking.mutate(), call, waiting, error }
}
