// From what a score suggests to what the console does: a draft of an edit, a restart, advice. Pure.
import type { Deduction, Remedy, Service } from '@/api/types'
import { expertValue } from '@/features/services/expert'
import type { Change, ContainerField } from '@/features/services/edit/drafts'

/** How the value of each rule is written. */
type Unit = 'share' | 'percent' | 'times' | 'count'

export const UNITS: Readonly<Record<Deduction['rule'], Unit>> = {
  request_unused: 'share',
  oom_killed: 'count',
  oom_killed_often: 'count',
  memory_near_limit: 'percent',
  cpu_near_limit: 'percent',
  cpu_request_short: 'share',
  memory_request_short: 'share',
  throttled: 'percent',
  much_throttled: 'percent',
  no_memory_limit: 'count',
  one_pod: 'count',
  too_many_pods: 'count',
  too_few_pods: 'count',
  errors: 'percent',
  many_errors: 'percent',
  slow: 'times',
  very_slow: 'times',
  gc: 'percent',
  much_gc: 'percent',
  full_gc: 'count',
  heap_full: 'share',
  hot_pod: 'times',
  very_hot_pod: 'times',
  restarts: 'count',
  thin_coverage: 'share',
}

/** What is done about a deduction: an edit that is reviewed, a restart, a look at the advice. */
export type Way = { kind: 'edit' | 'rollout'; change: Change } | { kind: 'restart' | 'advice' }

const FIELDS: Readonly<Record<string, Record<string, ContainerField>>> = {
  set_request: { cpu: 'request_cpu_m', memory: 'request_mem_mib' },
  set_limit: { cpu: 'limit_cpu_m', memory: 'limit_mem_mib' },
}

/** @returns null where the service has no such container (any more). */
export function wayOf(service: Service, { action, parameters }: Remedy): Way | null {
  if (action === 'advice') return { kind: 'advice' }
  if (action === 'spread_pods') return { kind: 'restart' }
  const after = Math.ceil(Number(parameters['value']))
  const change = changeTo(service, action, parameters, after)
  if (change === null || !Number.isFinite(after)) return null
  // What is governed already is not entered again: pods take it when they are made anew.
  return { kind: change.shown === after ? 'rollout' : 'edit', change }
}

function changeTo(
  service: Service,
  action: Remedy['action'],
  { container, resource }: Remedy['parameters'],
  after: number,
): Change | null {
  if (action === 'set_replicas') {
    const cell = { container: null, field: 'replicas_manual' } as const
    return { ...cell, shown: service.replicas.effective, before: service.replicas.manual, after }
  }
  const field = FIELDS[action]?.[String(resource)]
  const found = service.containers.find(({ name }) => name === container)
  if (field === undefined || !found) return null
  const cell = { container: found.name, field }
  return { ...cell, shown: found.effective[field], before: expertValue(service, cell), after }
}
