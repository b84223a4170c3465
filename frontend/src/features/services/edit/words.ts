// Changes in words and units, for the review and for the two sides of a stale edit.
import { useI18n } from 'vue-i18n'
import { useFormat } from '@/ui/useFormat'
import type { Cell, CellValue } from './drafts'

export function useChangeWords() {
  const { t } = useI18n()
  const { cpu, mem, count } = useFormat()
  const fields = {
    replicas_manual: { label: () => t('edit.fieldReplicas'), format: count },
    limit_cpu_m: { label: () => t('edit.fieldLimitCpu'), format: cpu },
    limit_mem_mib: { label: () => t('edit.fieldLimitMem'), format: mem },
    request_cpu_m: { label: () => t('edit.fieldRequestCpu'), format: cpu },
    request_mem_mib: { label: () => t('edit.fieldRequestMem'), format: mem },
  }

  function label({ field, container }: Cell): string {
    return container ? `${fields[field].label()} · ${container}` : fields[field].label()
  }

  function value({ field }: Cell, amount: CellValue): string {
    return amount === null ? t('edit.notSet') : fields[field].format(amount)
  }
  return { label, value }
}
