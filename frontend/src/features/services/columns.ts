// The columns of the services table: what each is called, sorted by, and how wide.
import { computed } from 'vue'
import { useI18n } from 'vue-i18n'
import { percentOf } from '@/ui/units'
import type { Column } from '@/ui/table/columns'
import { growthOf } from '@/ui/spark'
import type { ServiceLine } from './api'
import type { ServiceRow } from './row'

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
      key: `${field}Asked`,
      label: t(`services.${field}Asked`),
      hint: t('services.askedHint'),
      widthPx: 92,
      numeric: true,
      sortBy: (row) => row[field].request,
    },
    {
      key: `${field}Request`,
      label: t(`services.${field}Request`),
      hint: t('services.requestHint'),
      widthPx: 106,
      numeric: true,
      sortBy: (row) => row[governed].request,
    },
    {
      key: `${field}Limit`,
      label: t(`services.${field}Limit`),
      hint: t('services.limitHint'),
      widthPx: 128,
      numeric: true,
      sortBy: (row) => row[governed].limit,
    },
    {
      key: `${field}Pct`,
      label: t(`services.${field}Pct`),
      hint: t('services.pctHint'),
      widthPx: 92,
      numeric: true,
      sortBy: (row) => percentOf(row[field].used, row[field].limit),
    },
  ]
  return computed<Column<ServiceRow>[]>(() => [
    {
      key: 'deployment',
      label: t('common.service'),
      widthPx: 172,
      grow: true,
      pinned: true,
      sortBy: (row) => row.service.deployment,
    },
    {
      key: 'namespace',
      label: t('common.namespace'),
      widthPx: 108,
      sortBy: (row) => row.service.namespace,
    },
    {
      key: 'replicas',
      label: t('services.replicas'),
      hint: t('services.replicasHint'),
      widthPx: 66,
      numeric: true,
      sortBy: (row) => row.service.replicas.effective,
    },
    {
      key: 'observed',
      label: t('services.observed'),
      hint: t('services.observedHint'),
      widthPx: 94,
      numeric: true,
      sortBy: (row) => row.service.replicas.observed,
    },
    {
      key: 'manual',
      label: t('services.manual'),
      hint: t('services.manualHint'),
      widthPx: 88,
      numeric: true,
      sortBy: (row) => row.service.replicas.manual,
    },
    {
      key: 'ai',
      label: t('services.ai'),
      hint: t('services.aiHint'),
      widthPx: 88,
      numeric: true,
      sortBy: (row) => row.service.replicas.ai,
    },
    {
      key: 'flags',
      label: t('services.flags'),
      widthPx: 196,
      grow: true,
      sortBy: (row) => row.service.flags.length || null,
    },
    {
      key: 'cpu',
      label: t('services.cpuBar'),
      hint: t('services.barHint'),
      widthPx: 112,
      grow: true,
      sortBy: (row) => percentOf(row.cpu.used, row.cpu.request),
    },
    {
      key: 'mem',
      label: t('services.memBar'),
      hint: t('services.barHint'),
      widthPx: 112,
      grow: true,
      sortBy: (row) => percentOf(row.mem.used, row.mem.request),
    },
    {
      key: 'cpuLine',
      label: t('services.cpuLine'),
      hint: t('services.lineHint'),
      widthPx: 122,
      sortBy: ({ id }) => growthOf(lines()?.byId.get(id)?.cpu),
    },
    {
      key: 'memLine',
      label: t('services.memLine'),
      hint: t('services.lineHint'),
      widthPx: 148,
      sortBy: ({ id }) => growthOf(lines()?.byId.get(id)?.mem),
    },
    {
      key: 'cpuUsed',
      label: t('services.cpuUsed'),
      widthPx: 78,
      numeric: true,
      sortBy: (row) => row.cpu.used,
    },
    ...resourceColumns('cpu', 'governedCpu'),
    {
      key: 'memUsed',
      label: t('services.memUsed'),
      widthPx: 88,
      numeric: true,
      sortBy: (row) => row.mem.used,
    },
    ...resourceColumns('mem', 'governedMem'),
    { key: 'mode', label: t('top.modeLabel'), widthPx: 104, sortBy: (row) => row.service.mode },
    {
      key: 'policy',
      label: t('service.policy'),
      widthPx: 150,
      sortBy: (row) => row.service.replicas_policy,
    },
    {
      key: 'note',
      label: t('service.note'),
      widthPx: 200,
      sortBy: (row) => row.service.note || null,
    },
  ])
}
