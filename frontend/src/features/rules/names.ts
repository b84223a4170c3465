// What the rules of a replay are called, and the trade that each makes.
import { useI18n } from 'vue-i18n'
import type { ReplayOutcome } from '@/api/types'

export function useRuleNames() {
  const { t } = useI18n()
  const name = ({ name: key }: ReplayOutcome) => t(`rules.name_${key}`)
  const trade = ({ name: key }: ReplayOutcome) => t(`rules.trade_${key}`)
  return { name, trade }
}
