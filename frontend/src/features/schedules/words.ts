// A schedule in words: which services, when, what became of a run.
import { useI18n } from 'vue-i18n'
import type { ScheduleRun, ScheduleSummary } from '@/api/types'
import { WEEK, weekdayNames } from '@/ui/form/weekdays'
import { daysOfCron, rangesOf } from './days'

const ZONES = new Set([...Intl.supportedValuesOf('timeZone'), 'UTC'])
const HOUR_S = 3600
const MOMENT: Intl.DateTimeFormatOptions = {
  weekday: 'short',
  year: 'numeric',
  month: 'short',
  day: 'numeric',
  hour: '2-digit',
  minute: '2-digit',
  hourCycle: 'h23',
  timeZoneName: 'short',
}

export function useScheduleWords() {
  const { t, locale } = useI18n()

  /** A moment on a zone's clocks, with the zone. */
  const at = (iso: string, timeZone: string) => {
    const known = ZONES.has(timeZone) ? timeZone : 'UTC'
    return new Intl.DateTimeFormat(locale.value, { ...MOMENT, timeZone: known }).format(
      new Date(iso),
    )
  }

  function whom({ targets, selector }: ScheduleSummary): string {
    if (targets) return targets.map((one) => `${one.namespace}/${one.name}`).join(', ')
    const { namespaces = [], labels = '', name = '' } = selector ?? {}
    const parts = [namespaces.join(', '), labels, name].filter((part) => part !== '')
    return parts.join(' · ') || t('schedules.everything')
  }
  /** `Mon–Fri 22:00`, or the expression where it says more than that. */
  function days(cron: string): string {
    const found = daysOfCron(cron)
    if (!found) return cron
    const names = weekdayNames(locale.value)
    const ranges = rangesOf(found.days).map((ends) =>
      [...new Set(ends)].map((day) => names.get(day)).join('–'),
    )
    const on = found.days.length === WEEK.length ? t('schedules.everyDay') : ranges.join(', ')
    return `${on} ${found.time}`
  }

  /** When the previous counts come back; empty for never. */
  function back({ until_cron: cron, for_s: forS }: Pick<ScheduleSummary, 'until_cron' | 'for_s'>) {
    if (cron !== null) return t('schedules.backAt', { at: days(cron) })
    if (forS === null) return ''
    return t('schedules.backAfter', { hours: String(Math.round((100 * forS) / HOUR_S) / 100) })
  }

  function times(one: ScheduleSummary): string {
    const runs = one.cron === null ? t('schedules.once') : days(one.cron)
    const both = [runs, back(one)].filter(Boolean).join(' · ')
    return one.cron === null && one.until_cron === null ? both : `${both} (${one.timezone})`
  }
  const outcome = (run: ScheduleRun | null) => (run ? t(`schedules.outcome_${run.outcome}`) : '–')
  return { at, whom, times, days, back, outcome }
}
