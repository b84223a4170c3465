// The settings that can be changed in the console.
import { useMutation, useQuery, useQueryClient } from '@tanstack/vue-query'
import { computed, type Ref } from 'vue'
import { api, bodyOf } from '@/api/client'
import type { Setting } from '@/api/types'

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
  value: string | number | null
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
