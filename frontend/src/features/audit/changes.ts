// What an audit row changed, value by value: governed values, settings, what was asked for. Pure.
import type { AuditRow, ExpertService } from '@/api/types'
import { EMPTY, expertChanges, expertOfBulk, type ExpertChange } from '@/features/services/expert'

/** A value that people govern a service by. */
interface GovernedChange {
  what: 'governed'
  /** `namespace/name` where the row is about several services. */
  service: string
  change: ExpertChange
}

/** Any other value, by its name in the API. */
export interface FieldChange {
  what: 'field'
  field: string
  before: unknown
  after: unknown
}

export type AuditChange = GovernedChange | FieldChange
type Values = Record<string, unknown>

const OF_SERVICE = new Set(['changeService', 'registerService', 'removeService', 'restoreService'])
const OF_SERVICES = new Set(['changeServices', 'importServices'])
/** What the row's other columns say already, or only machines read. */
const UNSAID = new Set([
  'id',
  'operation',
  'operation_id',
  'version',
  'updated_at',
  'updated_by',
  'before',
])
/** Told as a whole: how often each of them came. */
export const COUNTED: ReadonlySet<string> = new Set(['outcomes', 'names', 'rows'])

const isValues = (value: unknown): value is Values =>
  typeof value === 'object' && value !== null && !Array.isArray(value)
const valuesOf = (value: unknown): Values => (isValues(value) ? value : {})
const says = (value: unknown) =>
  value !== undefined &&
  value !== null &&
  value !== '' &&
  value !== false &&
  !(Array.isArray(value) && value.length === 0)

/** Every change of a row; empty where it tells of none. */
export function changesOf({ action, before, after }: AuditRow): AuditChange[] {
  if (OF_SERVICE.has(action)) return governed(before, after, '')
  if (OF_SERVICES.has(action) && (Array.isArray(before) || Array.isArray(after))) {
    const [old, now] = [asList(before), asList(after)]
    return now.flatMap((one, index) => governed(old[index], one, nameOf(one)))
  }
  return fields(valuesOf(before), valuesOf(after))
}

const asList = (value: unknown): unknown[] => (Array.isArray(value) ? (value as unknown[]) : [])

/** `namespace/name` of what tells its service. */
function nameOf(value: unknown): string {
  const { namespace, name } = valuesOf(value)
  return typeof namespace === 'string' && typeof name === 'string' ? `${namespace}/${name}` : ''
}

function governed(before: unknown, after: unknown, service: string): GovernedChange[] {
  const expert = (value: unknown) =>
    isValues(value) ? expertOfBulk(value as unknown as ExpertService) : EMPTY
  return expertChanges(expert(before), expert(after)).map((change) => ({
    what: 'governed',
    service,
    change,
  }))
}

/** The fields that differ; of what is new, those that say something. What a field nests stands by itself. */
function fields(before: Values, after: Values): FieldChange[] {
  const names = [...new Set([...Object.keys(before), ...Object.keys(after)])]
  return names
    .filter((name) => !UNSAID.has(name) && !(name === 'detail' && 'notes' in after))
    .flatMap((field): FieldChange[] => {
      const [old, now] = [before[field], after[field]]
      if (JSON.stringify(old) === JSON.stringify(now) || (!says(old) && !says(now))) return []
      // Of what is new, no seconds are as good as nothing.
      if (old === undefined && now === 0 && field.endsWith('_s')) return []
      if (!COUNTED.has(field) && (isValues(old) || isValues(now)))
        return fields(valuesOf(old), valuesOf(now))
      return [{ what: 'field', field, before: old, after: now }]
    })
}
