// The dialog of a schedule as it is typed, from and to what the API takes.
import type { NewSchedule, OperationTarget, ScheduleSummary } from '@/api/types'
import {
  amountFaults,
  amountOf,
  careFaults,
  careOf,
  MOST_REPLICAS,
  newAmount,
  newCare,
  whole,
  type Amount,
  type Care,
  type Faults,
  type ServiceName,
} from '@/features/operations/form'
import { localMinute } from '@/ui/zoned'

export interface ScheduleForm {
  name: string
  kind: NewSchedule['kind']
  when: 'cron' | 'once'
  cron: string
  /** `YYYY-MM-DDTHH:MM`, in the zone. */
  onceAt: string
  timezone: string
  whom: 'services' | 'selector'
  /** A service a line: `namespace/name`, with its own count or bounds `= 3` or `= 2-8` behind it. */
  lines: string
  namespaces: string
  labels: string
  pattern: string
  amount: Amount
  temporary: boolean
  hours: string
  care: Care
  misfire: NonNullable<NewSchedule['misfire']>
  graceMinutes: string
}

const HOUR_S = 3600
const ZONES = new Set([...Intl.supportedValuesOf('timeZone'), 'UTC'])
const MOST_HOURS = 8784
const MOST_GRACE_MINUTES = 1440
const LINE = /^([a-z0-9][a-z0-9-]*)\/([a-z0-9][a-z0-9.-]*)(?:\s*=\s*(\d{1,6})(?:-(\d{1,6}))?)?$/

const namesText = (services: readonly ServiceName[]) =>
  services.map(({ namespace, name }) => `${namespace}/${name}`).join('\n')

export function newForm(services: readonly ServiceName[], timezone: string): ScheduleForm {
  return {
    name: '',
    kind: 'scale',
    when: 'cron',
    cron: '0 3 * * *',
    onceAt: '',
    timezone,
    whom: 'services',
    lines: namesText(services),
    namespaces: '',
    labels: '',
    pattern: '',
    amount: newAmount(),
    temporary: false,
    hours: '8',
    care: newCare(),
    misfire: 'skip',
    graceMinutes: '15',
  }
}

type Counted = Pick<OperationTarget, 'replicas' | 'autoscaler_bounds'>

function amountFrom({ replicas, autoscaler_bounds: bounds }: Counted): Amount {
  if (bounds) {
    const [least, most] = [String(bounds.min_replicas), String(bounds.max_replicas)]
    return { count: 'bounds', replicas: '', least, most }
  }
  if (replicas === null || replicas === undefined) return { ...newAmount(), count: 'table' }
  return { ...newAmount(), replicas: String(replicas) }
}

function lineOf(target: OperationTarget): string {
  const { count, replicas, least, most } = amountFrom(target)
  const own =
    count === 'number' ? ` = ${replicas}` : count === 'bounds' ? ` = ${least}-${most}` : ''
  return `${target.namespace}/${target.name}${own}`
}

/** A schedule as it is edited: counts that differ stand behind each service. */
export function formOf(one: ScheduleSummary, localOnce: string): ScheduleForm {
  const { targets, selector } = one
  const first: Counted = selector ?? targets?.[0] ?? {}
  const amounts = (targets ?? []).map((target) => JSON.stringify(amountFrom(target)))
  const same = new Set(amounts).size <= 1
  return {
    name: one.name,
    kind: one.kind,
    when: one.cron === null ? 'once' : 'cron',
    cron: one.cron ?? '',
    onceAt: localOnce,
    timezone: one.timezone,
    whom: selector ? 'selector' : 'services',
    lines: same ? namesText(targets ?? []) : (targets ?? []).map(lineOf).join('\n'),
    namespaces: (selector?.namespaces ?? []).join(' '),
    labels: selector?.labels ?? '',
    pattern: selector?.name ?? '',
    amount: same ? amountFrom(first) : { ...newAmount(), count: 'table' },
    temporary: one.for_s !== null,
    hours: String(one.for_s === null ? 8 : one.for_s / HOUR_S),
    care: {
      pauseS: String(one.pause_s),
      stopOnError: one.stop_on_error,
      waitRollout: one.wait_rollout,
      rollback: one.rollback_on_failure,
    },
    misfire: one.misfire,
    graceMinutes: String(one.grace_s / 60),
  }
}

const linesOf = (text: string) =>
  text
    .split(/[\n,]/)
    .map((line) => line.trim())
    .filter((line) => line !== '')

export const wordsOf = (text: string) => text.split(/[\s,]+/).filter((word) => word !== '')

/** The first line that names no service, or null. */
export const wrongLine = (text: string) => linesOf(text).find((line) => !LINE.test(line)) ?? null

function targetsOf({ kind, lines, amount }: ScheduleForm): OperationTarget[] {
  const shared = amountOf(kind, amount)
  return linesOf(lines).flatMap((line) => {
    const [, namespace, name, low, high] = LINE.exec(line) ?? []
    if (namespace === undefined || name === undefined) return []
    if (low === undefined || kind === 'restart') return [{ namespace, name, ...shared }]
    const own: Amount =
      high === undefined
        ? { ...newAmount(), replicas: low }
        : { count: 'bounds', replicas: '', least: low, most: high }
    return [{ namespace, name, ...amountOf(kind, own) }]
  })
}

/** An unknown zone is told by the API. */
function isToCome({ onceAt, timezone }: ScheduleForm, now: Date): boolean {
  if (onceAt === '' || !ZONES.has(timezone.trim())) return onceAt !== ''
  return onceAt > localMinute(now, timezone.trim())
}

/** What the API takes: five fields. `@daily` and seconds are none of it. */
const isFiveFields = (cron: string) => cron.trim().split(/\s+/).length === 5

const positive = (text: string, most: number) => Number(text) > 0 && Number(text) <= most

/** Nothing that would choose: a new selector finds nothing until something is given. */
const choosesNothing = ({ namespaces, labels, pattern }: ScheduleForm) =>
  [namespaces, labels, pattern].every((text) => text.trim() === '')

/** A message's key of each field that can't be sent; the API checks cron expressions and zones. */
export function scheduleFaults(form: ScheduleForm, now: Date): Faults {
  const faults: Faults = { ...careFaults(form.care) }
  if (form.name.trim() === '') faults['name'] = 'schedules.wrongName'
  if (form.when === 'once' && !isToCome(form, now)) faults['onceAt'] = 'schedules.wrongOnce'
  if (form.kind === 'scale') Object.assign(faults, amountFaults(form.amount))
  if (form.whom === 'services' && (form.lines.trim() === '' || wrongLine(form.lines) !== null))
    faults['lines'] = 'schedules.wrongLine'
  if (form.whom === 'selector' && choosesNothing(form))
    faults['selector'] = 'schedules.wrongSelector'
  if (form.when === 'cron' && !isFiveFields(form.cron)) faults['cron'] = 'schedules.wrongCron'
  if (form.temporary && form.kind === 'scale' && !positive(form.hours, MOST_HOURS))
    faults['hours'] = 'schedules.wrongHours'
  if (form.misfire === 'run_late' && !positive(form.graceMinutes, MOST_GRACE_MINUTES))
    faults['grace'] = 'schedules.wrongGrace'
  if (form.whom === 'services' && form.kind === 'scale')
    if (targetsOf(form).some(({ replicas }) => (replicas ?? 0) > MOST_REPLICAS))
      faults['lines'] = 'operations.wrongCount'
  return faults
}

/** What is sent; ask `scheduleFaults` first. */
export function scheduleOf(form: ScheduleForm, enabled: boolean): NewSchedule {
  const selector = {
    namespaces: wordsOf(form.namespaces),
    labels: form.labels.trim(),
    name: form.pattern.trim(),
    ...amountOf(form.kind, form.amount),
  }
  const grace = whole(form.graceMinutes, 0, MOST_GRACE_MINUTES)
  return {
    name: form.name.trim(),
    kind: form.kind,
    ...(form.whom === 'services' ? { targets: targetsOf(form) } : { selector }),
    ...(form.when === 'cron' ? { cron: form.cron.trim() } : { once_at: form.onceAt }),
    timezone: form.timezone.trim(),
    enabled,
    misfire: form.misfire,
    grace_s:
      form.misfire === 'skip'
        ? 0
        : grace === null
          ? Math.round(Number(form.graceMinutes) * 60)
          : grace * 60,
    ...careOf(form.care),
    for_s: form.temporary && form.kind === 'scale' ? Math.round(Number(form.hours) * HOUR_S) : null,
  }
}
