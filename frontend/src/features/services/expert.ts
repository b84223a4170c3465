// The expert's values of a service, whole: from a service, from a bulk change; what differs, how to go back. Pure.
import type { ContainerEdit, ExpertService, Service, ServiceEdit } from '@/api/types'
import type { Cell, CellValue, ContainerField } from './edit/drafts'

const VALUES = ['request_cpu_m', 'limit_cpu_m', 'request_mem_mib', 'limit_mem_mib'] as const
type Values = Record<ContainerField, number | null>

export interface Expert {
  replicas_manual: number | null
  replicas_policy: Service['replicas_policy']
  mode: Service['mode']
  note: string
  containers: ({ name: string } & Values)[]
}

export const EMPTY: Expert = {
  replicas_manual: null,
  replicas_policy: 'as_found',
  mode: null,
  note: '',
  containers: [],
}
const UNSET: Values = {
  request_cpu_m: null,
  limit_cpu_m: null,
  request_mem_mib: null,
  limit_mem_mib: null,
}

/** From what a bulk change tells; nothing entered where there is none. */
export function expertOfBulk(values: ExpertService | null): Expert {
  if (values === null) return EMPTY
  return {
    replicas_manual: values.replicas_manual ?? null,
    replicas_policy: values.replicas_policy ?? 'as_found',
    mode: values.mode ?? null,
    note: values.note ?? '',
    containers: (values.containers ?? []).map((container) => ({ ...UNSET, ...container })),
  }
}

/** From a service as the API tells of it. */
export function expertOf({ replicas, replicas_policy, mode, note, containers }: Service): Expert {
  const entered = containers
    .map(({ name, expert }) => ({ ...expert, name }))
    .filter((one) => VALUES.some((value) => one[value] !== null))
  return { replicas_manual: replicas.manual, replicas_policy, mode, note, containers: entered }
}

/** The expert's value that a cell of a row holds now. */
export function expertValue(row: Service, { container, field }: Cell): CellValue {
  if (field === 'replicas_manual') return row.replicas.manual
  if (field === 'replicas_policy' || field === 'mode') return row[field]
  return row.containers.find(({ name }) => name === container)?.expert[field] ?? null
}

export interface ExpertChange extends Omit<Cell, 'field'> {
  field: Cell['field'] | 'note'
  before: CellValue
  after: CellValue
}

const SCALARS = ['replicas_manual', 'replicas_policy', 'mode', 'note'] as const

/** What differs, value by value; containers by their names. */
export function expertChanges(before: Expert, after: Expert): ExpertChange[] {
  const scalars = SCALARS.map((field) => ({
    container: null,
    field,
    before: before[field],
    after: after[field],
  }))
  const names = new Set([...before.containers, ...after.containers].map(({ name }) => name))
  const valueOf = (expert: Expert, name: string, field: ContainerField) =>
    expert.containers.find((one) => one.name === name)?.[field] ?? null
  const values = [...names].flatMap((container) =>
    VALUES.map((field) => ({
      container,
      field,
      before: valueOf(before, container, field),
      after: valueOf(after, container, field),
    })),
  )
  return [...scalars, ...values].filter((one) => one.before !== one.after)
}

/** The edit that makes the expert's values exactly these, whatever was entered for which containers since. */
export function editBackTo(
  before: Expert,
  became: { containers?: { name: string }[] },
): ServiceEdit {
  const kept = new Set(before.containers.map(({ name }) => name))
  const gone: ContainerEdit[] = (became.containers ?? [])
    .filter(({ name }) => !kept.has(name))
    .map(({ name }) => ({ ...UNSET, name }))
  return { ...before, containers: [...before.containers, ...gone] }
}
