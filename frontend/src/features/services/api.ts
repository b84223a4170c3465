// What the console asks of services, and how a draft is sent.
import { useMutation, useQuery, useQueryClient, type QueryClient } from '@tanstack/vue-query'
import { computed, type Ref } from 'vue'
import { api, bodyOf } from '@/api/client'
import type { ExpertService, Service, ServiceEdit } from '@/api/types'
import { idOf, type ServiceKey } from './edit/drafts'

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

/** The P95 of each service on the latest collected days, by id; asked for once the rows are there. */
export function useServiceLines(env: Ref<string>, wanted: Ref<boolean>) {
  const query = useQuery({
    queryKey: ['service-lines', env],
    queryFn: async () => {
      const params = { path: { env: env.value } }
      const answer = bodyOf(await api.GET('/api/v1/envs/{env}/service-lines', { params }))
      const entries = answer.items.map((item) => {
        const id = idOf({ ...item, env: env.value })
        return [id, { cpu: item.cpu_m, mem: item.mem_mib }] as const
      })
      return { dates: answer.dates, byId: new Map<string, ServiceLine>(entries) }
    },
    enabled: computed(() => env.value !== '' && wanted.value),
  })
  return query.data
}

export interface ServiceLine {
  cpu: (number | null)[]
  mem: (number | null)[]
}

export async function fetchService({ env, namespace, name }: ServiceKey): Promise<Service> {
  const params = { path: { env, namespace, name } }
  return bodyOf(await api.GET('/api/v1/envs/{env}/services/{namespace}/{name}', { params }))
}

export interface VersionedEdit {
  service: ServiceKey
  version: string
  edit: ServiceEdit
}

export interface Saved {
  /** The version that the edits made. */
  version: string
  /** The services as they are now; null where they are too many to be told one by one. */
  services: Service[] | null
}

/** As the client takes it: a field that can only be null it holds for one that is never sent. */
const sent = (edit: ServiceEdit) => edit as Omit<ServiceEdit, 'replicas_ai'>

/** Send one service's edit, based on a version. The answer is the service as it is now. */
async function saveOne({ service, version, edit }: VersionedEdit): Promise<Saved> {
  const params = { path: service, header: { 'If-Match': version } }
  const saved = bodyOf(
    await api.PATCH('/api/v1/envs/{env}/services/{namespace}/{name}', { params, body: sent(edit) }),
  )
  return { version: saved.version, services: [saved] }
}

/** Up to so many changed services are asked for one by one; for more the list is. */
const FEW = 20

/** Change many services of an env, all or none; or only hear what that would do. */
async function change(env: string, edits: readonly VersionedEdit[], dry_run: boolean) {
  const changes = edits.map(({ service: { namespace, name }, version, edit }) => ({
    namespace,
    name,
    version,
    edit: sent(edit),
  }))
  const body = { changes, dry_run }
  return bodyOf(
    await api.POST('/api/v1/envs/{env}/services/batch', { params: { path: { env } }, body }),
  )
}

/** What the edits of an env would do: nothing is changed. */
export const tryEdits = (env: string, edits: readonly VersionedEdit[]) => change(env, edits, true)

/** Send the edits of many services of an env, all or none. */
async function saveMany(env: string, edits: readonly VersionedEdit[]): Promise<Saved> {
  const saved = await change(env, edits, false)
  const version = saved.version ?? edits[0]?.version ?? '0'
  if (edits.length > FEW) return { version, services: null }
  // What is saved stays saved, even if it can't be read again at once.
  const services = await Promise.all(edits.map(({ service }) => fetchService(service))).catch(
    () => null,
  )
  return { version, services }
}

/** Send edits of one env: one by itself, several in one commit. */
export async function saveEdits(edits: readonly VersionedEdit[]): Promise<Saved> {
  const [first, second] = edits
  if (!first) return { version: '0', services: [] }
  return second === undefined ? saveOne(first) : saveMany(first.service.env, edits)
}

/** Everything that shows services is read again. */
export async function refreshServices(client: QueryClient): Promise<void> {
  const keys = ['services', 'service', 'revisions', 'drift', 'explanation']
  await Promise.all(keys.map((key) => client.invalidateQueries({ queryKey: [key] })))
}

type Listed = Awaited<ReturnType<typeof fetchPage>>

/** Show services as an answer has them, without asking for the list again; what follows from them is. */
export async function showServices(
  client: QueryClient,
  services: Saved['services'],
): Promise<void> {
  if (services === null) return refreshServices(client)
  for (const env of new Set(services.map((service) => service.env))) {
    const byId = new Map(
      services.filter((one) => one.env === env).map((service) => [idOf(service), service]),
    )
    client.setQueriesData<Listed>({ queryKey: ['services', env] }, (known) =>
      known ? { ...known, items: known.items.map((one) => byId.get(idOf(one)) ?? one) } : known,
    )
  }
  for (const service of services) {
    client.setQueryData(['service', service.env, service.namespace, service.name], service)
  }
  const keys = ['revisions', 'drift', 'explanation']
  await Promise.all(keys.map((key) => client.invalidateQueries({ queryKey: [key] })))
}

/** The namespaces of an env with a service that is registered or was measured lately; null until they are told. */
export function useKnownNamespaces(env: Ref<string>) {
  const { rows, total, query } = useServices(env)
  const measured = useQuery({
    queryKey: ['namespaces', env, 'latest'],
    queryFn: async () =>
      bodyOf(
        await api.GET('/api/v1/envs/{env}/namespaces', { params: { path: { env: env.value } } }),
      ),
    enabled: computed(() => env.value !== ''),
  })
  return computed(() => {
    const all = query.data.value !== undefined && rows.value.length >= total.value
    if (!all || !measured.data.value) return null
    const names = [
      ...rows.value.map(({ namespace }) => namespace),
      ...measured.data.value.items.map(({ namespace }) => namespace),
    ]
    return [...new Set(names)].sort()
  })
}

/** Register a service; the only door for a new one. */
export function useRegister() {
  const client = useQueryClient()
  return useMutation({
    mutationFn: async ({ service, replicas }: { service: ServiceKey; replicas: number | null }) => {
      const { env, namespace, name } = service
      const params = { path: { env, namespace, name } }
      const body = { replicas_manual: replicas }
      return bodyOf(
        await api.PUT('/api/v1/envs/{env}/services/{namespace}/{name}', { params, body }),
      )
    },
    onSuccess: () => refreshServices(client),
  })
}

export interface ImportBody {
  services?: ExpertService[]
  csv?: string
  dry_run: boolean
}

/** Import services, or only say what that would change. */
export async function importServices(env: string, body: ImportBody) {
  return bodyOf(
    await api.POST('/api/v1/envs/{env}/services/import', { params: { path: { env } }, body }),
  )
}
