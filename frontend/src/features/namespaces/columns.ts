// The columns of the namespaces: cpu and memory have the same four.
import { computed, type Ref } from 'vue'
import { useI18n } from 'vue-i18n'
import type { Totals } from '@/features/overview/totals'
import type { Column } from '@/ui/table/columns'

export const FIELDS = ['cpu', 'mem'] as const
export type Field = (typeof FIELDS)[number]

export interface NamespaceRow {
  name: string
  totals: Totals
  share: Record<Field, number | null>
  /** What runs and is not used costs a month; null where it is not known. */
  cost: number | null
}

/** @param heading what the groups are: namespaces, owners, or the key of a label. */
export function useNamespaceColumns(heading: Ref<string>) {
  const { t } = useI18n()

  const resourceColumns = (field: Field): Column<NamespaceRow>[] => [
    {
      key: field,
      label: t(field === 'cpu' ? 'common.cpu' : 'common.memory'),
      widthPx: 130,
      grow: true,
      divided: true,
      sortBy: (row) => row.totals[field].request,
    },
    {
      key: `${field}Used`,
      label: t(`namespaces.${field}Used`),
      widthPx: 96,
      numeric: true,
      sortBy: (row) => row.totals[field].used,
    },
    {
      key: `${field}Share`,
      label: t('namespaces.share'),
      widthPx: 72,
      numeric: true,
      sortBy: (row) => row.share[field],
    },
    {
      key: `${field}Waste`,
      label: t('namespaces.waste'),
      widthPx: 110,
      numeric: true,
      sortBy: (row) => row.totals[field].waste,
    },
  ]

  return computed<Column<NamespaceRow>[]>(() => [
    {
      key: 'name',
      label: heading.value,
      widthPx: 150,
      grow: true,
      pinned: true,
      sortBy: (row) => row.name,
    },
    {
      key: 'services',
      label: t('nav.services'),
      widthPx: 84,
      numeric: true,
      sortBy: (row) => row.totals.services,
    },
    {
      key: 'pods',
      label: t('common.pods'),
      widthPx: 70,
      numeric: true,
      sortBy: (row) => row.totals.pods,
    },
    {
      key: 'cost',
      label: t('namespaces.cost'),
      widthPx: 110,
      numeric: true,
      sortBy: (row) => row.cost,
    },
    ...FIELDS.flatMap(resourceColumns),
  ])
}
