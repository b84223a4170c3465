// One change for many services: what it makes of each value of each service. Pure.
import type { Container, Service } from '@/api/types'
import {
  parseCell,
  type Cell,
  type CellValue,
  type Change,
  type ContainerField,
  type Draft,
} from '../edit/drafts'
import { expertValue } from '../expert'

/** What is to become of one field: left alone, cleared, a value, or a share of what is known of the service. */
export interface Step {
  how: 'leave' | 'clear' | 'set' | 'ofP95' | 'ofNow'
  /** A whole number or a word for `set`, per cent for `ofP95` and `ofNow`. */
  text: string
}

export interface Plan {
  replicas_manual: Step
  replicas_policy: '' | Service['replicas_policy']
  /** `inherit` clears the service's own mode. */
  mode: '' | 'inherit' | 'off' | 'observe' | 'enforce'
  /** Only containers of this name; empty: all. */
  container: string
  values: Record<ContainerField, Step>
}

const PEAK = {
  request_cpu_m: 'p95_cpu_m',
  limit_cpu_m: 'p95_cpu_m',
  request_mem_mib: 'p95_mem_mib',
  limit_mem_mib: 'p95_mem_mib',
} as const
const MOST_PERCENT = 10_000

/** Why a step can't be taken; nothing where it can. */
export function problemOf({ how, text }: Step): 'whole' | 'cpu' | 'mem' | 'large' | 'percent' | '' {
  if (how === 'leave' || how === 'clear') return ''
  const parsed = parseCell(text)
  if ('error' in parsed) return parsed.error
  if (parsed.value === null) return 'whole'
  return how !== 'set' && (parsed.value === 0 || parsed.value > MOST_PERCENT) ? 'percent' : ''
}

/** The new value; undefined where it stays, because that is wished or nothing is known to count from. */
function valueOf(step: Step, base: number | null | undefined): number | null | undefined {
  if (step.how === 'leave') return undefined
  if (step.how === 'clear') return null
  const parsed = parseCell(step.text)
  if ('error' in parsed || parsed.value === null) return undefined
  if (step.how === 'set') return parsed.value
  return typeof base === 'number' ? Math.ceil((base * parsed.value) / 100) : undefined
}

function containerChanges(service: Service, container: Container, plan: Plan): Change[] {
  const fields = Object.keys(plan.values) as ContainerField[]
  return fields.flatMap((field) => {
    const step = plan.values[field]
    const base = step.how === 'ofP95' ? container.peak?.[PEAK[field]] : container.effective[field]
    const cell = { container: container.name, field }
    return changeOf(service, cell, container.effective[field], valueOf(step, base))
  })
}

function changeOf(
  service: Service,
  cell: Cell,
  shown: CellValue,
  after: CellValue | undefined,
): Change[] {
  const before = expertValue(service, cell)
  return after === undefined || after === before ? [] : [{ ...cell, shown, before, after }]
}

/** What the plan changes of one service. */
export function changesOf(service: Service, plan: Plan): Change[] {
  const scalar = (field: 'replicas_manual' | 'replicas_policy' | 'mode') => ({
    container: null,
    field,
  })
  const { replicas } = service
  const count = valueOf(plan.replicas_manual, replicas.effective)
  const mode = plan.mode === '' ? undefined : plan.mode === 'inherit' ? null : plan.mode
  return [
    ...changeOf(service, scalar('replicas_manual'), replicas.effective, count),
    ...changeOf(
      service,
      scalar('replicas_policy'),
      service.replicas_policy,
      plan.replicas_policy || undefined,
    ),
    ...changeOf(service, scalar('mode'), service.mode, mode),
    ...service.containers
      .filter(({ name }) => plan.container === '' || name === plan.container)
      .flatMap((container) => containerChanges(service, container, plan)),
  ]
}

/** One draft for each service that the plan changes. */
export function draftsOf(services: readonly Service[], plan: Plan): Draft[] {
  return services
    .map((service) => {
      const { env, namespace, name, version } = service
      return { service: { env, namespace, name }, version, changes: changesOf(service, plan) }
    })
    .filter(({ changes }) => changes.length > 0)
}
