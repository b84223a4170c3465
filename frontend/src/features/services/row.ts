// A service as a row of the table: per pod, summed over its containers; unknown stays unknown. Pure.
import type { Container, Service, ServiceFlag } from '@/api/types'
import { NO_LABELS, type Labels } from '@/features/labels/labels'
import type { Bullet } from '@/ui/bullet'
import { changeAt, idOf, type Draft } from './edit/drafts'

type Field = 'cpu' | 'mem'

const FIELDS = {
  cpu: { used: 'p95_cpu_m', request: 'request_cpu_m', limit: 'limit_cpu_m' },
  mem: { used: 'p95_mem_mib', request: 'request_mem_mib', limit: 'limit_mem_mib' },
} as const

type Value = number | null | undefined

/** The sum of what is known; null where nothing is. */
export function sumKnown(values: readonly Value[]): number | null {
  const known = values.filter((value) => typeof value === 'number')
  return known.length === 0 ? null : known.reduce((sum, value) => sum + value, 0)
}

/** The sum; null as soon as one is unknown: one unlimited container makes the pod unlimited. */
function sumAll(values: readonly Value[]): number | null {
  return values.some((value) => typeof value !== 'number') ? null : sumKnown(values)
}

/** Use of one container at the peak, and the request and limit that its pods ran with then. */
export function bulletOf({ peak }: Container, field: Field): Bullet {
  const { used, request, limit } = FIELDS[field]
  if (peak === null) return { used: null, request: null, limit: null }
  return { used: peak[used], request: peak[request], limit: peak[limit] }
}

const RATIOS = {
  over_requested_cpu: { field: 'cpu', words: 'flag.over_by_cpu', over: true },
  over_requested_mem: { field: 'mem', words: 'flag.over_by_mem', over: true },
  under_requested_cpu: { field: 'cpu', words: 'flag.under_by_cpu', over: false },
  under_requested_mem: { field: 'mem', words: 'flag.under_by_mem', over: false },
} as const

/** How many times what it uses a service runs with, or the other way round: of its container where that is most. */
export function ratioOf({ containers }: Pick<Service, 'containers'>, flag: string) {
  const ratio = flag in RATIOS ? RATIOS[flag as keyof typeof RATIOS] : undefined
  if (!ratio) return null
  const times = containers.flatMap((one) => {
    const { used, request } = bulletOf(one, ratio.field)
    if (!used || !request) return []
    return [ratio.over ? request / used : used / request]
  })
  return times.length === 0 ? null : { words: ratio.words, times: Math.max(...times) }
}

/** The request and limit that admission applies to one pod. */
function governedOf(service: Service, field: Field) {
  const { request, limit } = FIELDS[field]
  return {
    request: sumKnown(service.containers.map(({ effective }) => effective[request])),
    limit: sumAll(service.containers.map(({ effective }) => effective[limit])),
  }
}

/** Use, request and limit of one pod of a service, as it ran at the peak. */
export function podBullet(service: Service, field: Field): Bullet {
  const bullets = service.containers.map((container) => bulletOf(container, field))
  return {
    used: sumKnown(bullets.map(({ used }) => used)),
    request: sumKnown(bullets.map(({ request }) => request)),
    limit: sumAll(bullets.map(({ limit }) => limit)),
  }
}

/** The limit of one container as its cell shows it: edited, else what admission applies. */
function limitShown({ name, effective }: Container, field: Field, draft?: Draft): number | null {
  const { limit } = FIELDS[field]
  const change = changeAt(draft, { container: name, field: limit })
  return change ? (typeof change.after === 'number' ? change.after : null) : effective[limit]
}

/** One container's bar with the limit that is shown beside it. */
export function shownBullet(container: Container, field: Field, draft?: Draft): Bullet {
  return { ...bulletOf(container, field), limit: limitShown(container, field, draft) }
}

/** A pod's bar with the limit that is shown beside it: a share of the limit is a share of that one. */
export function shownPodBullet({ service, ...row }: ServiceRow, field: Field, draft?: Draft) {
  const limits = service.containers.map((one) => limitShown(one, field, draft))
  return { ...row[field], limit: sumAll(limits) }
}

interface Governed {
  request: number | null
  limit: number | null
}

export interface ServiceRow {
  id: string
  service: Service
  /** Who owns it, and its labels that have columns. */
  labels: Labels
  /** Lower case, for searching. */
  text: string
  cpu: Bullet
  mem: Bullet
  governedCpu: Governed
  governedMem: Governed
}

export function rowOf(service: Service): ServiceRow {
  const { namespace, name } = service
  const names = service.containers.map(({ name }) => name)
  return {
    id: idOf(service),
    service,
    labels: NO_LABELS,
    text: [namespace, name, ...names].join(' ').toLowerCase(),
    cpu: podBullet(service, 'cpu'),
    mem: podBullet(service, 'mem'),
    governedCpu: governedOf(service, 'cpu'),
    governedMem: governedOf(service, 'mem'),
  }
}

/** The row with its owner and labels, by which it is found too. */
export function labeled(row: ServiceRow, known: ReadonlyMap<string, Labels>): ServiceRow {
  const labels = known.get(row.id)
  return labels ? { ...row, labels, text: `${row.text} ${labels.owner.toLowerCase()}` } : row
}

export interface Filter {
  q: string
  namespace: string
  owner: string
  flag: string
}

export const NO_FILTER: Filter = { q: '', namespace: '', owner: '', flag: '' }

/** How many rows have each flag, of those that the other filters leave. */
export function flagCounts(
  rows: readonly ServiceRow[],
  filter: Filter,
  flags: readonly ServiceFlag[],
): { flag: ServiceFlag; n: number }[] {
  const counts = new Map(flags.map((flag) => [flag, 0]))
  for (const { service } of filtered(rows, { ...filter, flag: '' }))
    for (const flag of service.flags) counts.set(flag, (counts.get(flag) ?? 0) + 1)
  return [...counts].map(([flag, n]) => ({ flag, n }))
}

/** Rows that hold every word of the text, in the namespace, of the owner and with the flag that are asked for. */
export function filtered(
  rows: readonly ServiceRow[],
  { q, namespace, owner, flag }: Filter,
): ServiceRow[] {
  const words = q.toLowerCase().split(/\s+/).filter(Boolean)
  return rows.filter(
    ({ text, service, labels }) =>
      words.every((word) => text.includes(word)) &&
      (namespace === '' || service.namespace === namespace) &&
      (owner === '' || labels.owner === owner) &&
      (flag === '' || service.flags.some((one) => one === flag)),
  )
}
