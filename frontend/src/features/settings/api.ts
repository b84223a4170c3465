// The settings that can be changed in the console.
import { useMutation, useQuery, useQueryClient } from '@tanstack/vue-query'
import { computed, type Ref } from 'vue'
import { api, bodyOf } from '@/api/client'
import type { NewToken, Setting } from '@/api/types'

const PATH = '/api/v1/envs/{env}/settings'
const ITEM = '/api/v1/envs/{env}/settings/{key}'

export function useSettings(env: Ref<string>) {
  return useQuery({
    queryKey: ['settings', env],
    queryFn: async () =>
      bodyOf(await api.GET(PATH, { params: { path: { env: env.value } } })).items,
    enabled: computed(() => env.value !== ''),
  })
}

interface SettingChange {
  setting: Setting
  /** null: forget the stored value. */
  value: Setting['value'] | null
}

/** Store a setting, or let the environment's value hold again. */
export function useChangeSetting(env: Ref<string>) {
  const client = useQueryClient()
  return useMutation({
    mutationFn: async ({ setting, value }: SettingChange) => {
      const path = { env: env.value, key: setting.key }
      const params = { path, header: { 'If-Match': setting.version } }
      if (value === null) return bodyOf(await api.DELETE(ITEM, { params }))
      return bodyOf(await api.PUT(ITEM, { params, body: { value } }))
    },
    onSettled: () =>
      Promise.all([
        client.invalidateQueries({ queryKey: ['settings'] }),
        client.invalidateQueries({ queryKey: ['envs'] }),
      ]),
  })
}

/** Where messages go, and what became of the latest. */
export function useNotifications() {
  return useQuery({
    queryKey: ['notifications'],
    queryFn: async () => bodyOf(await api.GET('/api/v1/notifications')),
  })
}

/** Send a test message to every address. */
export function useTestMessage() {
  return useMutation({
    mutationFn: async () => bodyOf(await api.POST('/api/v1/notifications/test')),
  })
}

export function useTokens() {
  return useQuery({
    queryKey: ['tokens'],
    queryFn: async () => bodyOf(await api.GET('/api/v1/tokens')).items,
  })
}

/** Make a token; the answer holds its secret, this once. */
export function useMakeToken() {
  const client = useQueryClient()
  return useMutation({
    mutationFn: async (body: NewToken) => bodyOf(await api.POST('/api/v1/tokens', { body })),
    onSuccess: () => client.invalidateQueries({ queryKey: ['tokens'] }),
  })
}

export function useRevokeToken() {
  const client = useQueryClient()
  return useMutation({
    mutationFn: (id: string) => api.DELETE('/api/v1/tokens/{id}', { params: { path: { id } } }),
    onSettled: () => client.invalidateQueries({ queryKey: ['tokens'] }),
  })
}
