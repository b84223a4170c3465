// Advice in words: each bound in one sentence with its numbers, why there is none, how sure it is, what it saves.
import { useI18n } from 'vue-i18n'
import type { Advice, AdviceBound, AdviceSaving } from '@/api/types'
import { useFormat } from '@/ui/useFormat'

const [MEDIUM, HIGH] = [0.6, 0.8]

/** How sure advice is, in one of three words. */
export function levelOf(confidence: number): 'low' | 'medium' | 'high' {
  if (confidence >= HIGH) return 'high'
  return confidence >= MEDIUM ? 'medium' : 'low'
}

export function useAdviceWords() {
  const { t } = useI18n()
  const { cpu, mem, percent, decimal, day, money } = useFormat()

  /** A number in the unit that ends its name. */
  function written(name: string, value: string | number): string {
    if (typeof value === 'string') return name.endsWith('_date') ? day(value) : value
    if (name.endsWith('_m')) return cpu(value)
    if (name.endsWith('_mib')) return mem(value)
    return name.endsWith('_pct') ? percent(value) : decimal(value)
  }

  function bound({ text_code, parameters, least }: AdviceBound): string {
    const named: Record<string, string | number> = { least }
    for (const [name, value] of Object.entries(parameters)) named[name] = written(name, value)
    return t(`savings.bound_${text_code}`, named, least)
  }

  /** The bound that decides, or why there is no advice. */
  function why(advice: Advice): string {
    if (advice.not_because.length > 0)
      return advice.not_because.map((reason) => t(`savings.reason_${reason}`)).join(' · ')
    const binding = advice.bounds.find(({ name }) => name === advice.binding)
    if (!binding) return ''
    const name = t(`savings.name_${binding.name}`)
    return t('savings.named', { name, text: bound(binding) })
  }

  /** What is saved: money where there are prices, else cpu and memory. */
  function amount({ cpu_m, mem_mib, money_month, currency }: AdviceSaving): string {
    if (money_month !== null) return t('savings.month', { money: money(money_month, currency) })
    const parts = [cpu_m !== 0 && cpu(cpu_m), mem_mib !== 0 && mem(mem_mib)]
    return parts.filter((part) => part !== false).join(' · ') || '–'
  }

  /** `9 → 7 (5)`: now, advised, and needed where that is further away. */
  function counts({ replicas_now, replicas_advised, replicas_needed }: Advice): string {
    if (replicas_advised === null) return String(replicas_now)
    const needed = replicas_needed === replicas_advised ? '' : ` (${replicas_needed ?? '–'})`
    return `${replicas_now} → ${replicas_advised}${needed}`
  }
  return { bound, why, amount, counts }
}
