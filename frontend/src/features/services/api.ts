// What the console asks of services, and how a draft is sent.
import { useMutation, useQuery, useQueryClient } from '@tanstack/vue-query'
import { computed, type Ref } from 'vue'
import { api, bodyOf } from '@/api/client'
import type { Service } from '@/api/types'
import { bodyOfDraft, type Cell, type CellValue, type Draft, type ServiceKey } from './edit/drafts'

const FIRST_ROWS = 100
const PAGE_ROWS = 2500

async function fetchPage(env: string, offset: number, limit: number) {
  const params = { path: { env }, query: { offset, limit } }
  return bodyOf(await api.GET('/api/v1/envs/{env}/services', { params }))
}

async function fetchAll(env: string) {
  const first = await fetchPage(env, 0, PAGE_ROWS)
  const offsets = []
  for (let offset = PAGE_ROWS; offset < first.total; offset += PAGE_ROWS) offsets.push(offset)
  const rest = await Promise.all(offsets.map((offset) => fetchPage(env, offset, PAGE_ROWS)))
  return { ...first, items: [...first.items, ...rest.flatMap((page) => page.items)] }
}

/** All services of an env: the first rows at once, the others as soon as they are there. */
export function useServices(env: Ref<string>) {
  const enabled = computed(() => env.value !== '')
  const first = useQuery({
    queryKey: ['services', env, 'first'],
    queryFn: () => fetchPage(env.value, 0, FIRST_ROWS),
    enabled,
  })
  const all = useQuery({
    queryKey: ['services', env, 'all'],
    queryFn: () => fetchAll(env.value),
    enabled: computed(() => (first.data.value?.total ?? 0) > FIRST_ROWS),
  })
  const rows = computed<Service[]>(() => (all.data.value ?? first.data.value)?.items ?? [])
  const total = computed(() => first.data.value?.total ?? 0)
  return { query: first, rows, total }
}

export async function fetchService({ env, namespace, deployment }: ServiceKey): Promise<Service> {
  const params = { path: { env, namespace, deployment } }
  return bodyOf(await api.GET('/api/v1/envs/{env}/services/{namespace}/{deployment}', { params }))
}

/** The expert's value that a cell of a row holds now. */
export function expertValue(row: Service, { container, field }: Cell): CellValue {
  if (field === 'replicas_manual') return row.replicas.manual
  return row.containers.find(({ name }) => name === container)?.expert[field] ?? null
}

/** Send a draft; resolves with the version that it made. */
export async function saveDraft(draft: Draft): Promise<string> {
  const { env, namespace, deployment } = draft.service
  const params = { path: { env, namespace, deployment }, header: { 'If-Match': draft.version } }
  const body = bodyOfDraft(draft)
  const saved = bodyOf(
    await api.PATCH('/api/v1/envs/{env}/services/{namespace}/{deployment}', { params, body }),
  )
  return saved.version
}

/** Register a service; the only door for a new one. */
export function useRegister() {
  const client = useQueryClient()
  return useMutation({
    mutationFn: async ({ service, replicas }: { service: ServiceKey; replicas: CellValue }) => {
      const { env, namespace, deployment } = service
      const params = { path: { env, namespace, deployment } }
      const body = { replicas_manual: replicas }
      return bodyOf(
        await api.PUT('/api/v1/envs/{env}/services/{namespace}/{deployment}', { params, body }),
      )
    },
    onSuccess: () =>
      Promise.all([
        client.invalidateQueries({ queryKey: ['services'] }),
        client.invalidateQueries({ queryKey: ['drift'] }),
      ]),
  })
}
