// Changes that a person has typed and not yet applied: which cells, from what, to what. Pure.
import type { ContainerEdit, Service, ServiceEdit } from '@/api/types'

type ServiceField = 'replicas_manual' | 'replicas_policy' | 'mode'
export type ContainerField = 'request_cpu_m' | 'limit_cpu_m' | 'request_mem_mib' | 'limit_mem_mib'
export type CellValue = number | string | null

/** A cell: a value of the service (`container` is null) or of one of its containers. */
export interface Cell {
  container: string | null
  field: ServiceField | ContainerField
}

export interface Change extends Cell {
  /** The value that holds now, whoever it is from. */
  shown: CellValue
  /** The expert's value before; null where there is none. */
  before: CellValue
  after: CellValue
}

export interface ServiceKey {
  env: string
  namespace: string
  name: string
}

export interface Draft {
  service: ServiceKey
  /** Version of the expert's row that the changes are based on. */
  version: string
  changes: Change[]
}

export const MAX_VALUE = 10_000_000

export const idOf = ({ env, namespace, name }: ServiceKey) => `${env}/${namespace}/${name}`

const sameCell = (a: Cell, b: Cell) => a.container === b.container && a.field === b.field

/** The draft with one more change; typing the old value back takes the change away. */
export function withChange(draft: Draft, change: Change): Draft {
  const known = draft.changes.find((one) => sameCell(one, change))
  const merged = known ? { ...change, before: known.before, shown: known.shown } : change
  const others = draft.changes.filter((one) => !sameCell(one, change))
  const changes = merged.before === merged.after ? others : [...others, merged]
  return { ...draft, changes }
}

export function changeAt(draft: Draft | undefined, cell: Cell): Change | undefined {
  return draft?.changes.find((one) => sameCell(one, cell))
}

type Measure = 'whole' | 'cpu' | 'mem'

/** What a cell counts: whole numbers, millicores or MiB. */
export function measureOf(field: Cell['field']): Measure {
  if (field.includes('_cpu_')) return 'cpu'
  return field.includes('_mem_') ? 'mem' : 'whole'
}

const CORE_M = 1000
const GIB_MIB = 1024
/** By how much a number with this unit is multiplied, in the unit of its column. */
const UNITS: Record<Measure, Readonly<Record<string, number>>> = {
  whole: {},
  cpu: { m: 1, c: CORE_M, core: CORE_M, cores: CORE_M, 核: CORE_M },
  mem: {
    ki: 1 / 1024,
    kib: 1 / 1024,
    mi: 1,
    mib: 1,
    gi: GIB_MIB,
    gib: GIB_MIB,
    ti: 1024 * GIB_MIB,
    tib: 1024 * GIB_MIB,
  },
}
const QUANTITY = /^(\d+|\d{1,3}(?:[, \u00a0\u202f]\d{3})+)(\.\d+)?\s*([a-z核]*)$/i

/**
 * What was typed into a cell: a number in the unit of its column, nothing (null), or a reason why not.
 * Taken is what people and the table itself write: `500`, `1,200`, and by what is measured `500m`, `2 cores`, `1.5Gi`.
 */
export function parseCell(
  text: string,
  measure: Measure = 'whole',
): { value: number | null } | { error: Measure | 'large' } {
  const trimmed = text.trim()
  if (trimmed === '') return { value: null }
  const [, whole = '', decimals = '', unit = ''] = QUANTITY.exec(trimmed) ?? []
  const size = unit === '' ? 1 : UNITS[measure][unit.toLowerCase()]
  if (whole === '' || size === undefined || (decimals !== '' && size <= 1))
    return { error: measure }
  const value = Math.round(Number(whole.replace(/\D/g, '') + decimals) * size)
  return value > MAX_VALUE ? { error: 'large' } : { value }
}

/** What the other value of the pair allows, in the unit of the field. */
export interface Bound {
  kind: 'belowRequest' | 'aboveLimit'
  value: number
}

/** The request that a limit may not be below, the limit that a request may not be above, as edited or derived. */
export function boundOf(
  { containers }: Pick<Service, 'containers'>,
  { container, field }: Cell,
  draft: Draft | undefined,
): Bound | null {
  const one = containers.find(({ name }) => name === container)
  const [, side, resource] = /^(request|limit)_(cpu_m|mem_mib)$/.exec(field) ?? []
  if (!one || side === undefined) return null
  const other = `${side === 'limit' ? 'request' : 'limit'}_${resource}` as ContainerField
  const change = changeAt(draft, { container, field: other })
  const value = (change ? change.after : one.expert[other]) ?? one.derived[other]
  if (typeof value !== 'number') return null
  return { kind: side === 'limit' ? 'belowRequest' : 'aboveLimit', value }
}

export const breaks = (value: number, bound: Bound) =>
  bound.kind === 'belowRequest' ? value < bound.value : value > bound.value

/** Drafts by their env: a commit is of one env, and so is what is kept. */
export function byEnv(drafts: readonly Draft[]): Map<string, Draft[]> {
  const groups = new Map<string, Draft[]>()
  for (const draft of drafts) {
    const { env } = draft.service
    groups.set(env, [...(groups.get(env) ?? []), draft])
  }
  return groups
}

/** How many changes in how many services, for the bar at the bottom. */
export function countChanges(drafts: readonly Draft[]): { changes: number; services: number } {
  return {
    changes: drafts.reduce((sum, draft) => sum + draft.changes.length, 0),
    services: drafts.length,
  }
}

const CONTAINER_FIELDS: readonly string[] = [
  'request_cpu_m',
  'limit_cpu_m',
  'request_mem_mib',
  'limit_mem_mib',
]

function containersOf(changes: readonly Change[]): ContainerEdit[] {
  const byName = new Map<string, ContainerEdit>()
  for (const { container, field, after } of changes) {
    if (container === null || !CONTAINER_FIELDS.includes(field)) continue
    byName.set(container, { ...(byName.get(container) ?? { name: container }), [field]: after })
  }
  return [...byName.values()]
}

/** The edit that changes just the cells of a draft. */
export function editOf({ changes }: Draft): ServiceEdit {
  const scalars = changes.filter(({ container }) => container === null)
  const containers = containersOf(changes)
  return {
    ...Object.fromEntries(scalars.map(({ field, after }) => [field, after])),
    ...(containers.length > 0 && { containers }),
  }
}

/** The draft that takes an applied one back, based on the version that applying it made. */
export function reverse(draft: Draft, version: string): Draft {
  const changes = draft.changes.map((change) => ({
    ...change,
    shown: change.after,
    before: change.after,
    after: change.before,
  }))
  return { ...draft, version, changes }
}
