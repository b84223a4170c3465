// The columns of the nodes.
import { computed, type Ref } from 'vue'
import { useI18n } from 'vue-i18n'
import type { NodeSummary } from '@/api/types'
import type { Column } from '@/ui/table/columns'
import { percentOf } from '@/ui/units'

const fullness = (field: 'cpu' | 'mem') => (row: NodeSummary) =>
  percentOf(row[field].p95 ?? row[field].used, row[field].allocatable)

/** @param mayControl whether nodes can be cordoned from here. */
export function useNodeColumns(mayControl: Ref<boolean>) {
  const { t } = useI18n()
  return computed<Column<NodeSummary>[]>(() => [
    {
      key: 'node',
      label: t('nodes.node'),
      widthPx: 190,
      grow: true,
      pinned: true,
      sortBy: (row) => row.node,
    },
    {
      key: 'cpu',
      label: t('common.cpu'),
      hint: t('nodes.barHint'),
      widthPx: 126,
      grow: true,
      sortBy: fullness('cpu'),
    },
    {
      key: 'mem',
      label: t('common.memory'),
      hint: t('nodes.barHint'),
      widthPx: 126,
      grow: true,
      sortBy: fullness('mem'),
    },
    {
      key: 'pods',
      label: t('common.pods'),
      widthPx: 84,
      numeric: true,
      sortBy: (row) => row.pods,
    },
    {
      key: 'state',
      label: t('nodes.state'),
      widthPx: 150,
      grow: true,
      sortBy: (row) => (row.ready === false ? 2 : row.cordoned ? 1 : 0),
    },
    { key: 'zone', label: t('nodes.zone'), widthPx: 80, text: (row) => row.zone },
    { key: 'age', label: t('nodes.age'), widthPx: 110, sortBy: (row) => row.created_at },
    {
      key: 'money',
      label: t('nodes.money'),
      widthPx: 90,
      numeric: true,
      sortBy: (row) => row.money_month,
    },
    ...(mayControl.value
      ? [{ key: 'act', label: t('nodes.act'), widthPx: 236, text: () => '' }]
      : []),
  ])
}
