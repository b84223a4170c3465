// What to enter so that a Deployment stays as it runs. Pure.
import type { DriftItem, ServiceEdit } from '@/api/types'
import type { ContainerField } from '@/features/services/edit/drafts'

/** What needs a person first. */
export const STATES = [
  'unregistered',
  'drifted',
  'missing',
] as const satisfies readonly DriftItem['state'][]

/** The differences in a state whose service or namespace holds every word of a text. */
export function driftShown(
  items: readonly DriftItem[],
  { q, state }: { q: string; state: string },
): DriftItem[] {
  const words = q.toLowerCase().split(/\s+/).filter(Boolean)
  return items.filter(
    (one) =>
      (state === '' || one.state === state) &&
      words.every((word) => `${one.namespace}/${one.name}`.toLowerCase().includes(word)),
  )
}

/** What can be done about a difference. */
export type DriftAction = 'accept' | 'restore' | 'register'

const MIB = 1024 * 1024
const UNITS: Record<string, number> = {
  '': 1,
  k: 1e3,
  M: 1e6,
  G: 1e9,
  T: 1e12,
  Ki: 1024,
  Mi: MIB,
  Gi: 1024 * MIB,
  Ti: 1024 * 1024 * MIB,
}

/** A Kubernetes quantity of cpu in millicores, rounded up; null for what is none. */
export function millicores(text: string): number | null {
  const found = /^(\d+(?:\.\d+)?)(m?)$/.exec(text)
  if (!found) return null
  return Math.ceil(Number(found[1]) * (found[2] === 'm' ? 1 : 1000))
}

/** A Kubernetes quantity of memory in MiB, rounded up; null for what is none. */
export function mebibytes(text: string): number | null {
  const found = /^(\d+(?:\.\d+)?)([kMGT]|[KMGT]i)?$/.exec(text)
  const unit = UNITS[found?.[2] ?? '']
  return found && unit !== undefined ? Math.ceil((Number(found[1]) * unit) / MIB) : null
}

function fieldOf(resource: string, kind: string): ContainerField {
  if (resource === 'cpu') return kind === 'request' ? 'request_cpu_m' : 'limit_cpu_m'
  return kind === 'request' ? 'request_mem_mib' : 'limit_mem_mib'
}

/** The edit that makes the live values the governed ones; a value that is not set live stays derived. */
export function acceptEdit(changes: DriftItem['changes']): ServiceEdit {
  const containers = new Map<string, { name: string } & Partial<Record<ContainerField, number>>>()
  const edit: ServiceEdit = {}
  for (const { container: name, resource, kind, before } of changes) {
    if (before === null) continue
    if (resource === 'replicas') {
      edit.replicas_manual = Number(before)
      continue
    }
    const value = resource === 'cpu' ? millicores(before) : mebibytes(before)
    if (value === null) continue
    const container = containers.get(name) ?? { name }
    containers.set(name, { ...container, [fieldOf(resource, kind)]: value })
  }
  return containers.size > 0 ? { ...edit, containers: [...containers.values()] } : edit
}

export const isEmptyEdit = (edit: ServiceEdit) => Object.keys(edit).length === 0

/** Whether a pod count alone differs, so that nothing has to restart. */
export const onlyReplicas = ({ changes }: DriftItem) =>
  changes.every(({ resource }) => resource === 'replicas')
