// The columns of the services table: what each is called, sorted by, and how wide.
import { computed } from 'vue'
import { useI18n } from 'vue-i18n'
import { costOfRow, wasteOf, type Prices } from '@/features/overview/totals'
import { useLabels } from '@/features/labels/api'
import { usePrices } from '@/features/overview/usePrices'
import { useEnvs } from '@/features/session/useSession'
import { percentOf } from '@/ui/units'
import { useFormat } from '@/ui/useFormat'
import type { Column } from '@/ui/table/columns'
import { growthOf } from '@/ui/spark'
import { FIGURE_KEYS, FIGURES } from '@/features/figures/figures'
import type { ServiceLine } from './api'
import type { ServiceRow } from './row'

/** The units of a column, whatever its amounts. */
const [CORES, GIBS] = [1_000, 10_240]

export interface Lines {
  dates: string[]
  byId: ReadonlyMap<string, ServiceLine>
}

/** @param lines the latest days of each service, once they are there. */
export function useServiceColumns(lines: () => Lines | undefined = () => undefined) {
  const { t } = useI18n()
  const resourceColumns = (
    field: 'cpu' | 'mem',
    governed: 'governedCpu' | 'governedMem',
  ): Column<ServiceRow>[] => [
    {
      key: field,
      label: t(`services.${field}Bar`),
      hint: t('services.barHint'),
      widthPx: 80,
      divided: true,
      sortBy: (row) => percentOf(row[field].used, row[field].request),
    },
    {
      key: `${field}Line`,
      label: t(`services.${field}Line`),
      hint: t('services.lineHint'),
      widthPx: 100,
      sortBy: ({ id }) => growthOf(lines()?.byId.get(id)?.[field]),
    },
    {
      key: `${field}Used`,
      label: t(`services.${field}Used`),
      hint: t('services.usedHint'),
      widthPx: 54,
      numeric: true,
      sortBy: (row) => row[field].used,
    },
    {
      key: `${field}Asked`,
      label: t(`services.${field}Asked`),
      hint: t('services.askedHint'),
      widthPx: 62,
      numeric: true,
      sortBy: (row) => row[field].request,
    },
    {
      key: `${field}Request`,
      label: t(`services.${field}Request`),
      hint: t('services.requestHint'),
      widthPx: 80,
      numeric: true,
      sortBy: (row) => row[governed].request,
    },
    {
      key: `${field}Limit`,
      editable: true,
      label: t(`services.${field}Limit`),
      hint: t('services.limitHint'),
      widthPx: 66,
      numeric: true,
      sortBy: (row) => row[governed].limit,
    },
    {
      key: `${field}Pct`,
      label: t(`services.${field}Pct`),
      head: t('services.pctHead'),
      hint: t('services.pctHint'),
      widthPx: 48,
      numeric: true,
      sortBy: (row) => percentOf(row[field].used, row[governed].limit),
    },
  ]
  const { envName } = useEnvs()
  const { prices, unset, written } = usePrices(envName)
  const { cpu, mem } = useFormat()
  /** What all pods of a service ask for and don't use, in cores, GiB and money. */
  const wasteColumns = (known: Prices | null): Column<ServiceRow>[] => [
    {
      key: 'cpuWaste',
      label: t('services.cpuWaste'),
      hint: t('services.wasteHint'),
      widthPx: 88,
      numeric: true,
      divided: true,
      sortBy: (row) => wasteOf(row, 'cpu'),
      text: (row) => cpu(wasteOf(row, 'cpu'), CORES),
    },
    {
      key: 'memWaste',
      label: t('services.memWaste'),
      hint: t('services.wasteHint'),
      widthPx: 88,
      numeric: true,
      sortBy: (row) => wasteOf(row, 'mem'),
      text: (row) => mem(wasteOf(row, 'mem'), GIBS),
    },
    {
      key: 'cost',
      label: t('services.cost'),
      hint: t(unset.value ? 'overview.noPrices' : 'services.costHint'),
      widthPx: 88,
      numeric: true,
      sortBy: (row) => costOfRow(row, known),
      text: (row) => written(costOfRow(row, known)),
    },
  ]
  /** What the service is asked, its JVMs, its score. */
  const figureColumns = (): Column<ServiceRow>[] =>
    FIGURE_KEYS.map((key, index) => ({
      key,
      label: t(`figures.head_${key}`),
      hint: t(`figures.hint_${key}`),
      widthPx: 66,
      numeric: true,
      divided: index === 0,
      sortBy: ({ service }) => FIGURES[key].valueOf(service),
    }))
  const { columns: labelKeys } = useLabels(envName)
  /** Who owns the service, and a column for each label that the settings name. */
  const labelColumns = (): Column<ServiceRow>[] => [
    {
      key: 'owner',
      label: t('services.owner'),
      hint: t('services.ownerHint'),
      widthPx: 110,
      divided: true,
      sortBy: ({ labels }) => labels.owner || null,
      text: ({ labels }) => labels.owner,
    },
    ...labelKeys.value.map((key) => ({
      key: `label:${key}`,
      label: key,
      head: key.replace(/^.*\//, ''),
      hint: t('services.labelHint', { key }),
      widthPx: 110,
      sortBy: ({ labels }: ServiceRow) => labels.labels[key] ?? null,
      text: ({ labels }: ServiceRow) => labels.labels[key] ?? '',
    })),
  ]
  return computed<Column<ServiceRow>[]>(() => [
    {
      key: 'name',
      label: t('common.service'),
      widthPx: 134,
      grow: true,
      pinned: true,
      sortBy: (row) => row.service.name,
    },
    {
      key: 'namespace',
      label: t('common.namespace'),
      widthPx: 88,
      sortBy: (row) => row.service.namespace,
    },
    {
      key: 'replicas',
      label: t('services.replicas'),
      hint: t('services.replicasHint'),
      widthPx: 44,
      numeric: true,
      sortBy: (row) => row.service.replicas.effective,
    },
    {
      key: 'observed',
      label: t('services.observed'),
      hint: t('services.observedHint'),
      widthPx: 66,
      numeric: true,
      sortBy: (row) => row.service.replicas.observed,
    },
    {
      key: 'manual',
      editable: true,
      label: t('services.manual'),
      hint: t('services.manualHint'),
      widthPx: 60,
      numeric: true,
      sortBy: (row) => row.service.replicas.manual,
    },
    {
      key: 'ai',
      label: t('services.ai'),
      hint: t('services.aiHint'),
      widthPx: 74,
      numeric: true,
      sortBy: (row) => row.service.replicas.ai,
    },
    {
      key: 'flags',
      label: t('services.flags'),
      widthPx: 146,
      grow: true,
      sortBy: (row) => row.service.flags.length || null,
    },
    ...resourceColumns('cpu', 'governedCpu'),
    ...resourceColumns('mem', 'governedMem'),
    ...wasteColumns(prices.value),
    ...figureColumns(),
    {
      key: 'mode',
      label: t('top.modeLabel'),
      widthPx: 96,
      divided: true,
      sortBy: (row) => row.service.mode,
    },
    {
      key: 'policy',
      label: t('service.policy'),
      widthPx: 150,
      sortBy: (row) => Number(row.service.autoscaled),
    },
    {
      key: 'note',
      label: t('service.note'),
      widthPx: 200,
      sortBy: (row) => row.service.note || null,
    },
    ...labelColumns(),
  ])
}
