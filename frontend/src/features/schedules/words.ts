// A schedule in words: which services, when, what became of a run.
import { useI18n } from 'vue-i18n'
import type { ScheduleRun, ScheduleSummary } from '@/api/types'

const ZONES = new Set([...Intl.supportedValuesOf('timeZone'), 'UTC'])
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
  const times = ({ cron, timezone }: ScheduleSummary) =>
    cron === null ? t('schedules.once') : `${cron} (${timezone})`
  const outcome = (run: ScheduleRun | null) => (run ? t(`schedules.outcome_${run.outcome}`) : '–')
  return { at, whom, times, outcome }
}
