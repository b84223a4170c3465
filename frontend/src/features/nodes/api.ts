// An env's nodes, and how many of them could go.
import { keepPreviousData, useQuery } from '@tanstack/vue-query'
import { computed, type Ref } from 'vue'
import { api, bodyOf } from '@/api/client'
import type { Schemas, SimulationRequest } from '@/api/types'
import { useChange } from '@/api/useChange'

const EVERY_MS = 30_000
/** A packing reads every pod: it is asked for again when something changes, not by the clock. */
const STALE_MS = 300_000

export function useNodes(env: Ref<string>) {
  return useQuery({
    queryKey: ['nodes', env],
    queryFn: async () => {
      const params = { path: { env: env.value } }
      return bodyOf(await api.GET('/api/v1/envs/{env}/nodes', { params }))
    },
    enabled: computed(() => env.value !== ''),
    placeholderData: keepPreviousData,
    refetchInterval: EVERY_MS,
  })
}

export type Asked = Required<Omit<SimulationRequest, 'groups'>>

export function useSimulation(env: Ref<string>, asked: Ref<Asked>) {
  return useQuery({
    queryKey: ['nodes-simulation', env, asked],
    queryFn: async () => {
      const params = { path: { env: env.value } }
      const body = { ...asked.value, groups: [] }
      return bodyOf(await api.POST('/api/v1/envs/{env}/nodes/simulation', { params, body }))
    },
    enabled: computed(() => env.value !== ''),
    placeholderData: keepPreviousData,
    staleTime: STALE_MS,
    retry: false,
  })
}

type Cordon = Omit<Schemas['CordonRequest'], 'until'> & { node: string }

export const useCordon = (env: string) =>
  useChange(async ({ node, ...asked }: Cordon) => {
    const params = { path: { env, name: node } }
    const body = { ...asked, until: null }
    return bodyOf(await api.POST('/api/v1/envs/{env}/nodes/{name}/cordon', { params, body }))
  })

export type TaintsAsked = Schemas['TaintsRequest'] & { node: string }

export const useTaints = (env: string) =>
  useChange(async ({ node, ...asked }: TaintsAsked) => {
    const params = { path: { env, name: node } }
    return bodyOf(await api.POST('/api/v1/envs/{env}/nodes/{name}/taints', { params, body: asked }))
  })

export const useUncordon = (env: string) =>
  useChange(async (node: string) => {
    const params = { path: { env, name: node } }
    return bodyOf(await api.POST('/api/v1/envs/{env}/nodes/{name}/uncordon', { params, body: {} }))
  })

export function useNodePlan(env: Ref<string>, open: Ref<boolean>) {
  return useQuery({
    queryKey: ['nodes-plan', env],
    queryFn: async () => {
      const params = { path: { env: env.value } }
      return bodyOf(await api.GET('/api/v1/envs/{env}/nodes/plan', { params }))
    },
    enabled: computed(() => env.value !== '' && open.value),
    staleTime: STALE_MS,
    retry: false,
  })
}
