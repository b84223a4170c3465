// The columns of the peak data: the table's own, with their units.
import { computed } from 'vue'
import { useI18n } from 'vue-i18n'
import type { PeakRow } from '@/api/types'
import type { Column } from '@/ui/table/columns'

type NumberKey = {
  [Key in keyof PeakRow]: PeakRow[Key] extends number | null ? Key : never
}[keyof PeakRow]

const NUMBERS: readonly [NumberKey, number][] = [
  ['pod_count', 64],
  ['p95_cpu_m', 100],
  ['p95_cpu_hot_m', 106],
  ['request_cpu_m', 132],
  ['limit_cpu_m', 110],
  ['cpu_pct', 110],
  ['throttled_pct', 112],
  ['p95_mem_mib', 122],
  ['p95_mem_hot_mib', 114],
  ['max_mem_mib', 124],
  ['request_mem_mib', 146],
  ['limit_mem_mib', 126],
  ['mem_pct', 118],
  ['oom_kills', 92],
  ['coverage', 104],
]

/** Shares, written as per cent; the others are counts, millicores or MiB. */
export const SHARES: readonly NumberKey[] = ['cpu_pct', 'mem_pct', 'throttled_pct', 'coverage']
export const NUMBER_KEYS = NUMBERS.map(([key]) => key)

export function usePeakColumns() {
  const { t } = useI18n()
  return computed<Column<PeakRow>[]>(() => [
    {
      key: 'deployment',
      label: t('common.service'),
      widthPx: 180,
      grow: true,
      pinned: true,
      sortBy: (row) => row.deployment,
    },
    {
      key: 'namespace',
      label: t('common.namespace'),
      widthPx: 110,
      sortBy: (row) => row.namespace,
    },
    {
      key: 'container',
      label: t('common.container'),
      widthPx: 110,
      sortBy: (row) => row.container,
    },
    {
      key: 'flags',
      label: t('services.flags'),
      widthPx: 180,
      grow: true,
      sortBy: (row) => row.flags.length || null,
    },
    ...NUMBERS.map(([key, widthPx]) => ({
      key,
      label: t(`peaks.${key}`),
      hint: t(`peaks.${key}_hint`),
      widthPx,
      numeric: true,
      sortBy: (row: PeakRow) => row[key],
    })),
  ])
}
