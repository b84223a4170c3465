// Values and their changes in words and units: for reviews, histories, imports and stale edits.
import { useI18n } from 'vue-i18n'
import { useFormat } from '@/ui/useFormat'
import type { CellValue } from './drafts'
import type { ExpertChange } from '../expert'

type Named = Pick<ExpertChange, 'container' | 'field'>

export function useChangeWords() {
  const { t } = useI18n()
  const { cpu, mem, count } = useFormat()
  const fields = {
    replicas_manual: { label: () => t('edit.fieldReplicas'), format: count },
    replicas_policy: { label: () => t('service.policy'), format: count },
    mode: { label: () => t('top.modeLabel'), format: count },
    note: { label: () => t('service.note'), format: count },
    limit_cpu_m: { label: () => t('edit.fieldLimitCpu'), format: cpu },
    limit_mem_mib: { label: () => t('edit.fieldLimitMem'), format: mem },
    request_cpu_m: { label: () => t('edit.fieldRequestCpu'), format: cpu },
    request_mem_mib: { label: () => t('edit.fieldRequestMem'), format: mem },
  }
  const words: Record<string, () => string> = {
    as_found: () => t('service.policyAsFound'),
    pinned: () => t('service.policyPinned'),
    autoscaled: () => t('service.policyAutoscaled'),
    off: () => t('mode.off'),
    observe: () => t('mode.observe'),
    enforce: () => t('mode.enforce'),
  }

  function label({ field, container }: Named): string {
    return container ? `${fields[field].label()} · ${container}` : fields[field].label()
  }

  function value({ field }: Named, amount: CellValue): string {
    if (amount === null) return field === 'mode' ? t('mode.inherit') : t('edit.notSet')
    if (typeof amount === 'string')
      return field === 'note' ? amount || '–' : (words[amount]?.() ?? amount)
    return fields[field].format(amount)
  }
  return { label, value }
}
