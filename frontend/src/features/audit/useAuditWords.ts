// An audit row in words: what was done, what came of it, and each changed value with its unit.
import { useI18n } from 'vue-i18n'
import type { AuditRow, OperationNote } from '@/api/types'
import { useOperationNotes } from '@/features/operations/useOperationNotes'
import { useChangeWords } from '@/features/services/edit/words'
import { useFormat } from '@/ui/useFormat'
import { changesOf, COUNTED, type AuditChange, type FieldChange } from './changes'

export interface SaidChange {
  label: string
  /** Empty where the value says by itself what was asked for. */
  before: string
  after: string
}

const NOTHING = '–'
const TIME = /^\d{4}-\d\d-\d\dT\d\d:\d\d/
/** Fields whose values are words of ours, and where these stand. */
const CHOICES: Record<string, string> = {
  kind: 'operations.kind_',
  state: 'operations.state_',
  mode: 'mode.',
  misfire: 'schedules.misfire_',
  role: 'audit.role_',
  outcomes: 'audit.outcome_',
}

export function useAuditWords() {
  const i18n = useI18n()
  const { t } = i18n
  const { cpu, mem, count, moment } = useFormat()
  const { label: governedLabel, value: governedValue } = useChangeWords()
  const { notes } = useOperationNotes()
  const either = (key: string, otherwise: string) => (i18n.te(key) ? t(key) : otherwise)

  const action = (row: AuditRow) => either(`audit.action_${row.action}`, row.action)
  const outcome = (row: AuditRow) =>
    either(`audit.outcome_${row.outcome.replaceAll(' ', '_')}`, row.outcome)

  /** Of a field that a later version of the API knows and this console doesn't, its name has to do. */
  const fieldLabel = (field: string) =>
    either(`audit.field_${field}`, either(`settings.${field}`, field.replaceAll('_', ' ')))

  function choice(field: string, value: string): string {
    const known = CHOICES[field]
    if (known !== undefined) return either(known + value.replaceAll(' ', '_'), value)
    if (!i18n.te(`settings.${field}`)) return value
    const kind = either(`kind.${value.replaceAll('.', '_')}`, value)
    return either(`settings.choice_${value}`, kind)
  }

  function number(field: string, value: number): string {
    if (field.endsWith('_s')) return t('audit.seconds', { n: count(value) }, value)
    if (field.endsWith('_m')) return cpu(value)
    if (field.endsWith('_mib')) return mem(value)
    if (field.endsWith('_pct')) return `${String(value)} %`
    if (field.endsWith('_days') || field === 'days')
      return t('audit.days', { n: count(value) }, value)
    return Number.isInteger(value) ? count(value) : String(value)
  }

  function written(field: string, value: unknown): string {
    if (value === null || value === undefined || value === '') return NOTHING
    if (field === 'notes') return notes(value as OperationNote[]) || NOTHING
    if (Array.isArray(value))
      return value.map((one: unknown) => written(field, one)).join(', ') || NOTHING
    if (typeof value === 'boolean') return t(value ? 'audit.yes' : 'audit.no')
    if (typeof value === 'number') return number(field, value)
    if (COUNTED.has(field) && typeof value === 'object')
      return Object.entries(value)
        .map(
          ([name, times]) => `${field === 'names' ? name : choice(field, name)} × ${String(times)}`,
        )
        .join(', ')
    if (typeof value === 'object') return structure(value as Record<string, unknown>)
    if (typeof value !== 'string') return NOTHING
    return TIME.test(value) ? moment(value) : choice(field, value)
  }

  /** A service with its count or its bounds, or whatever else is told in one. */
  function structure({ namespace, name, ...more }: Record<string, unknown>): string {
    const service = [namespace, name].filter((part) => typeof part === 'string').join('/')
    const others = Object.entries(more)
      .filter(([key, value]) => value !== null && key !== 'kind')
      .map(([key, value]) => `${fieldLabel(key)} ${written(key, value)}`)
    return [service, ...others].filter((part) => part !== '').join(' ')
  }

  function said(change: AuditChange): SaidChange {
    if (change.what === 'governed') {
      const { service, change: one } = change
      const label = governedLabel(one)
      return {
        label: service ? `${service} · ${label}` : label,
        before: governedValue(one, one.before),
        after: governedValue(one, one.after),
      }
    }
    return saidField(change)
  }

  const saidField = ({ field, before, after }: FieldChange): SaidChange => ({
    label: fieldLabel(field),
    before: before === undefined ? '' : written(field, before),
    after: written(field, after),
  })

  const changes = (row: AuditRow) => changesOf(row).map(said)
  const sentence = ({ label, before, after }: SaidChange) =>
    `${label}: ${before === '' ? after : `${before} → ${after}`}`
  const change = (row: AuditRow) => changes(row).map(sentence).join(' · ')

  /** What it was done to: a service, or what has a name of its own. */
  function what({ env, namespace, name, before, after }: AuditRow): string {
    const named = [after, before].map((one) => (one as { name?: unknown } | null)?.name)
    const own = name === '' ? named.find((one) => typeof one === 'string') : undefined
    return [env, namespace, name, own].filter(Boolean).join(' / ')
  }
  return { action, outcome, what, change, changes }
}
