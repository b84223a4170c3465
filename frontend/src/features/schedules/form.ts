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
import type { Weekday } from '@/ui/form/weekdays'
import { cronOf, daysOfCron, isTime } from './days'

export interface ScheduleForm {
  name: string
  kind: NewSchedule['kind']
  when: 'days' | 'cron' | 'once'
  days: Weekday[]
  /** `HH:MM`, in the zone. */
  time: string
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
  /** Whether the previous counts come back after hours, or as the other one of a pair says. */
  back: 'hours' | 'days' | 'cron'
  hours: string
  backDays: Weekday[]
  backTime: string
  backCron: string
  care: Care
  misfire: NonNullable<NewSchedule['misfire']>
  graceMinutes: string
}

/** How many services a selector finds now; unknown where the cluster can't say. */
export type Found = number | 'looking' | 'unknown'

const HOUR_S = 3600
const WORKDAYS: Weekday[] = [1, 2, 3, 4, 5]
const ZONES = new Set([...Intl.supportedValuesOf('timeZone'), 'UTC'])
const MOST_HOURS = 8784
const MOST_GRACE_MINUTES = 1440
const LINE = /^([a-z0-9][a-z0-9-]*)\/([a-z0-9][a-z0-9.-]*)(?:\s*=\s*(\d{1,6})(?:-(\d{1,6}))?)?$/

const namesText = (services: readonly ServiceName[]) =>
  services.map(({ namespace, name }) => `${namespace}/${name}`).join('\n')

const newBack = () => ({
  temporary: false,
  back: 'days' as ScheduleForm['back'],
  hours: '8',
  backDays: [...WORKDAYS],
  backTime: '07:00',
  backCron: '',
})

export function newForm(services: readonly ServiceName[], timezone: string): ScheduleForm {
  return {
    name: '',
    kind: 'scale',
    when: 'days',
    days: [...WORKDAYS],
    time: '22:00',
    cron: '',
    onceAt: '',
    timezone,
    whom: 'services',
    lines: namesText(services),
    namespaces: '',
    labels: '',
    pattern: '',
    amount: newAmount(),
    ...newBack(),
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
  const runs = daysOfCron(one.cron ?? '')
  return {
    name: one.name,
    kind: one.kind,
    when: one.cron === null ? 'once' : runs ? 'days' : 'cron',
    days: runs?.days ?? [...WORKDAYS],
    time: runs?.time ?? '22:00',
    cron: one.cron ?? '',
    onceAt: localOnce,
    timezone: one.timezone,
    whom: selector ? 'selector' : 'services',
    lines: same ? namesText(targets ?? []) : (targets ?? []).map(lineOf).join('\n'),
    namespaces: (selector?.namespaces ?? []).join(' '),
    labels: selector?.labels ?? '',
    pattern: selector?.name ?? '',
    amount: same ? amountFrom(first) : { ...newAmount(), count: 'table' },
    ...backOf(one),
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

function backOf({ for_s: forS, until_cron: cron }: ScheduleSummary) {
  const back = newBack()
  if (forS !== null)
    return { ...back, temporary: true, back: 'hours' as const, hours: String(forS / HOUR_S) }
  if (cron === null) return back
  const other = daysOfCron(cron)
  if (!other) return { ...back, temporary: true, back: 'cron' as const, backCron: cron }
  return { ...back, temporary: true, backDays: other.days, backTime: other.time, backCron: cron }
}

/** The expression by which it runs again and again. */
export const cronText = ({ when, days, time, cron }: ScheduleForm): string =>
  when === 'days' ? cronOf({ days, time }) : cron.trim()

/** The expression by which the previous counts come back; empty where they do so after hours, or never. */
export function backCronText(form: ScheduleForm): string {
  if (!form.temporary || form.kind !== 'scale' || form.back === 'hours') return ''
  if (form.back === 'cron') return form.backCron.trim()
  return cronOf({ days: form.backDays, time: form.backTime })
}

const linesOf = (text: string) =>
  text
    .split(/[\n,]/)
    .map((line) => line.trim())
    .filter((line) => line !== '')

/** The services that lines name; those that name none are left out. */
export const namesOf = (text: string): ServiceName[] =>
  linesOf(text).flatMap((line) => {
    const [, namespace, name] = LINE.exec(line) ?? []
    return namespace === undefined || name === undefined ? [] : [{ namespace, name }]
  })

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

/** What stands in the way of saving, the first first, with what the words need. */
export function whyNotSaved(
  form: ScheduleForm,
  faults: Faults,
  found: Found,
  base: ScheduleForm | null,
): string {
  const first = ORDER.find((field) => faults[field] !== undefined)
  if (first !== undefined) return faults[first] ?? ''
  if (form.whom !== 'selector') return ''
  if (found === 'looking') return 'schedules.looking'
  const kept = base !== null && base.whom === 'selector' && sameSelector(form, base)
  return found === 0 && !kept ? 'schedules.noneFound' : ''
}

const ORDER = [
  'name',
  'replicas',
  'bounds',
  'back',
  'hours',
  'days',
  'cron',
  'onceAt',
  'lines',
  'selector',
  'pauseS',
  'grace',
]
const sameSelector = (one: ScheduleForm, other: ScheduleForm) =>
  (['namespaces', 'labels', 'pattern'] as const).every(
    (field) => one[field].trim() === other[field].trim(),
  )

function backFaults(form: ScheduleForm): Faults {
  if (form.amount.count === 'table') return { back: 'schedules.backNeedsCount' }
  if (form.back === 'hours')
    return positive(form.hours, MOST_HOURS) ? {} : { hours: 'schedules.wrongHours' }
  const cron = backCronText(form)
  if (form.back === 'days' && cron === '') return { back: 'schedules.wrongDays' }
  if (!isFiveFields(cron)) return { back: 'schedules.wrongCron' }
  return form.when !== 'once' && cron === cronText(form) ? { back: 'schedules.backAtOnce' } : {}
}

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
  if (form.when === 'days' && (form.days.length === 0 || !isTime(form.time)))
    faults['days'] = 'schedules.wrongDays'
  if (form.temporary && form.kind === 'scale') Object.assign(faults, backFaults(form))
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
    ...(form.when === 'once' ? { once_at: form.onceAt } : { cron: cronText(form) }),
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
    for_s:
      form.temporary && form.kind === 'scale' && form.back === 'hours'
        ? Math.round(Number(form.hours) * HOUR_S)
        : null,
    until_cron: backCronText(form) || null,
  }
}
