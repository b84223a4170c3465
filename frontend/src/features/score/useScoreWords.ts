// What takes points off a score, in words with its numbers; what could be done about it.
import { useI18n } from 'vue-i18n'
import type { Deduction } from '@/api/types'
import { useChangeWords } from '@/features/services/edit/words'
import { useFormat } from '@/ui/useFormat'
import { UNITS, type Way } from './remedy'

export function useScoreWords() {
  const { t } = useI18n()
  const { percent, decimal, count } = useFormat()
  const changes = useChangeWords()

  function written(rule: Deduction['rule'], value: number): string {
    const unit = UNITS[rule]
    if (unit === 'share') return percent(100 * value)
    if (unit === 'percent') return percent(value)
    return unit === 'times' ? decimal(value) : count(Math.round(value))
  }

  function sentence({ rule, value, threshold }: Pick<Deduction, 'rule' | 'value' | 'threshold'>) {
    const named = { value: written(rule, value), threshold: written(rule, threshold) }
    return t(`score.rule_${rule}`, named, Math.round(value))
  }

  function doing(way: Way): string {
    if (!('change' in way)) return t(`score.do_${way.kind}`)
    const { change } = way
    return t(`score.do_${way.kind}`, {
      what: changes.label(change),
      value: changes.value(change, change.after),
    })
  }
  return { sentence, doing }
}
