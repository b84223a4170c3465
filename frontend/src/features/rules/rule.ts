// A rule as settings: what differs, and in which order it is written and undone. Pure.
import type { ReplayOutcome, ReplayRule, Setting } from '@/api/types'

/** The fields of a rule, which are settings of the same names, in the order of the form. */
export const RULE_KEYS = [
  'request_rule',
  'lookback_days',
  'margin_pct',
  'hold_fall_pct',
  'own_peak_hours',
  'memory_rule',
  'memory_margin_pct',
] as const satisfies readonly (keyof ReplayRule & Setting['key'])[]

export type RuleKey = (typeof RULE_KEYS)[number]

export const sameRule = (one: ReplayRule, other: ReplayRule) =>
  RULE_KEYS.every((key) => one[key] === other[key])

export interface SettingWrite {
  setting: Setting
  value: Setting['value']
}

/** The settings that have to change for a rule, and its exceptions, to hold. */
export function writesOf(
  settings: readonly Setting[],
  rule: ReplayRule,
  exceptions: string | null,
): SettingWrite[] {
  const wanted: Partial<Record<Setting['key'], Setting['value']>> = { ...rule }
  if (exceptions !== null) wanted.rule_exceptions = exceptions
  return settings.flatMap((setting) => {
    const value = wanted[setting.key]
    return value === undefined || value === setting.value ? [] : [{ setting, value }]
  })
}

/** What brings back what stood before: the stored value, or null where none was stored. */
export function undoOf(written: readonly { before: Setting; after: Setting }[]) {
  return written.map(({ before, after }) => ({
    setting: after,
    value: before.source === 'stored' ? before.value : null,
  }))
}

interface Mark {
  /** Of the outcomes, by their place in the list. */
  indices: number[]
  x: number
  y: number
}

interface Plot {
  width: number
  height: number
  left: number
  right: number
  top: number
  bottom: number
}

/** Numbers in round steps that take in the largest, from nothing on. */
export function ticks(largest: number, wanted = 5): number[] {
  if (!(largest > 0)) return [0, 1]
  const rough = largest / wanted
  const power = 10 ** Math.floor(Math.log10(rough))
  const step = [1, 2, 5, 10].map((times) => times * power).find((one) => one >= rough) ?? rough
  return Array.from({ length: Math.ceil(largest / step - 1e-9) + 1 }, (_, at) => at * step)
}

const TOUCHING_PX = 18

/** Where each rule stands: cores to the right, bad days up. Those that would cover each other are one mark. */
export function marksOf(
  outcomes: readonly Pick<ReplayOutcome, 'cores' | 'bad_days_pct'>[],
  plot: Plot,
  most: { cores: number; bad: number },
): Mark[] {
  const marks: Mark[] = []
  outcomes.forEach(({ cores, bad_days_pct: bad }, index) => {
    if (bad === null) return
    const x = plot.left + ((plot.width - plot.left - plot.right) * cores) / most.cores
    const y = plot.height - plot.bottom - ((plot.height - plot.top - plot.bottom) * bad) / most.bad
    const near = marks.find((mark) => Math.hypot(mark.x - x, mark.y - y) < TOUCHING_PX)
    if (near) near.indices.push(index)
    else marks.push({ indices: [index], x, y })
  })
  return marks
}

/** A letter for each rule of the list. */
export const letterOf = (index: number) => String.fromCharCode('A'.charCodeAt(0) + index)

/** An expression of a namespace's services, as `rule_exceptions` takes it; names have no other special letter. */
const servicesOf = (namespace: string) => `${namespace.replaceAll('.', '\\.')}/.*`

/** The exceptions with one more for a namespace, which comes first so that it holds. */
export function withOwnPeak(exceptions: string, namespace: string): string {
  const added = `${servicesOf(namespace)}: own_peak`
  return exceptions === '' ? added : `${added}; ${exceptions}`
}

/** Whether the services of a namespace already have an exception of their own. */
export const hasException = (exceptions: string, namespace: string) =>
  exceptions.split(';').some((one) => one.trim().startsWith(`${servicesOf(namespace)}:`))
