// The columns of the peak data: the table's own, with their units.
import { computed } from 'vue'
import { useI18n } from 'vue-i18n'
import type { PeakRow } from '@/api/types'
import type { Column } from '@/ui/table/columns'

type NumberKey = {
  [Key in keyof PeakRow]: PeakRow[Key] extends number | null ? Key : never
}[keyof PeakRow]

const NUMBERS: readonly [NumberKey, number][] = [
  ['pod_count', 46],
  ['p95_cpu_m', 64],
  ['p95_cpu_hot_m', 62],
  ['request_cpu_m', 68],
  ['limit_cpu_m', 64],
  ['cpu_pct', 58],
  ['throttled_pct', 76],
  ['p95_mem_mib', 66],
  ['p95_mem_hot_mib', 64],
  ['max_mem_mib', 66],
  ['request_mem_mib', 68],
  ['limit_mem_mib', 66],
  ['mem_pct', 58],
  ['oom_kills', 52],
  ['coverage', 70],
]

/** Those that begin a group. */
const GROUPS: readonly NumberKey[] = ['p95_cpu_m', 'p95_mem_mib', 'oom_kills']

/** Shares, written as per cent; the others are counts, millicores or MiB. */
export const SHARES: readonly NumberKey[] = ['cpu_pct', 'mem_pct', 'throttled_pct', 'coverage']
export const NUMBER_KEYS = NUMBERS.map(([key]) => key)

export function usePeakColumns() {
  const { t } = useI18n()
  return computed<Column<PeakRow>[]>(() => [
    {
      key: 'name',
      label: t('common.service'),
      widthPx: 150,
      grow: true,
      pinned: true,
      sortBy: (row) => row.name,
    },
    {
      key: 'namespace',
      label: t('common.namespace'),
      widthPx: 88,
      sortBy: (row) => row.namespace,
    },
    {
      key: 'container',
      label: t('common.container'),
      widthPx: 76,
      sortBy: (row) => row.container,
    },
    {
      key: 'flags',
      label: t('services.flags'),
      widthPx: 140,
      grow: true,
      sortBy: (row) => row.flags.length || null,
    },
    ...NUMBERS.map(([key, widthPx]) => ({
      key,
      label: t(`peaks.${key}`),
      hint: t(`peaks.${key}_hint`),
      widthPx,
      numeric: true,
      divided: GROUPS.includes(key),
      sortBy: (row: PeakRow) => row[key],
    })),
  ])
}
