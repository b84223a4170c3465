// The admission mode: what holds, and switching it.
import { useMutation, useQuery, useQueryClient } from '@tanstack/vue-query'
import { computed, type Ref } from 'vue'
import { api, bodyOf } from '@/api/client'
import type { Mode } from '@/api/types'

const PATH = '/api/v1/envs/{env}/mode'
const NAMESPACE_PATH = '/api/v1/envs/{env}/namespaces/{namespace}/mode'

export function useMode(env: Ref<string>) {
  return useQuery({
    queryKey: ['mode', env],
    queryFn: async () => bodyOf(await api.GET(PATH, { params: { path: { env: env.value } } })),
    enabled: computed(() => env.value !== ''),
  })
}

export function useSetMode(env: Ref<string>) {
  const client = useQueryClient()
  return useMutation({
    mutationFn: async ({ mode, version }: { mode: Mode; version: string }) => {
      const params = { path: { env: env.value }, header: { 'If-Match': version } }
      return bodyOf(await api.PUT(PATH, { params, body: { mode } }))
    },
    onSettled: () =>
      Promise.all([
        client.invalidateQueries({ queryKey: ['mode'] }),
        client.invalidateQueries({ queryKey: ['envs'] }),
      ]),
  })
}

interface NamespaceChange {
  namespace: string
  /** null: follow the env again. */
  mode: Mode | null
  version: string
}

/** Give a namespace its own mode, or let it follow its env again. */
export function useSetNamespaceMode(env: Ref<string>) {
  const client = useQueryClient()
  return useMutation({
    mutationFn: async ({ namespace, mode, version }: NamespaceChange) => {
      const params = { path: { env: env.value, namespace }, header: { 'If-Match': version } }
      if (mode === null) return bodyOf(await api.DELETE(NAMESPACE_PATH, { params }))
      return bodyOf(await api.PUT(NAMESPACE_PATH, { params, body: { mode } }))
    },
    onSettled: () => client.invalidateQueries({ queryKey: ['mode'] }),
  })
}
