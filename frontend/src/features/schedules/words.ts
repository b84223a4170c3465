// A schedule in words: which services, when, what became of a run.
import { useI18n } from 'vue-i18n'
import type { ScheduleRun, ScheduleSummary } from '@/api/types'

export function useScheduleWords() {
  const { t } = useI18n()

  function whom({ targets, selector }: ScheduleSummary): string {
    if (targets) return targets.map((one) => `${one.namespace}/${one.deployment}`).join(', ')
    const { namespaces = [], labels = '', name = '' } = selector ?? {}
    const parts = [namespaces.join(', '), labels, name].filter((part) => part !== '')
    return parts.join(' · ') || t('schedules.everything')
  }
  const times = ({ cron, timezone }: ScheduleSummary) =>
    cron === null ? t('schedules.once') : `${cron} (${timezone})`
  const outcome = (run: ScheduleRun | null) => (run ? t(`schedules.outcome_${run.outcome}`) : '–')
  return { whom, times, outcome }
}
