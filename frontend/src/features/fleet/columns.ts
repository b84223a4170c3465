// The columns of all envs.
import { computed } from 'vue'
import { useI18n } from 'vue-i18n'
import type { FleetEnv } from '@/api/types'
import type { Column } from '@/ui/table/columns'

export function useFleetColumns() {
  const { t } = useI18n()

  const figure = (
    key: string,
    label: string,
    widthPx: number,
    sortBy: (row: FleetEnv) => number | null,
  ): Column<FleetEnv> => ({ key, label, widthPx, numeric: true, sortBy })

  return computed<Column<FleetEnv>[]>(() => [
    {
      key: 'name',
      label: t('fleet.env'),
      widthPx: 140,
      grow: true,
      pinned: true,
      sortBy: (row) => row.name,
    },
    {
      key: 'cluster',
      label: t('fleet.cluster'),
      widthPx: 196,
      sortBy: (row) => row.cluster.state,
    },
    { key: 'mode', label: t('fleet.mode'), widthPx: 90, sortBy: (row) => row.mode },
    { key: 'peak', label: t('fleet.peak'), widthPx: 190, sortBy: (row) => row.date },
    figure('services', t('nav.services'), 84, (row) => row.registered),
    figure('nodes', t('fleet.nodes'), 72, (row) => row.cluster.nodes),
    figure('cpu', t('fleet.cpu'), 150, (row) => row.totals?.cpu_m.requested ?? null),
    figure('mem', t('fleet.mem'), 156, (row) => row.totals?.mem_mib.requested ?? null),
    figure('asked', t('fleet.asked'), 96, (row) => row.money?.requested ?? null),
    figure('waste', t('fleet.waste'), 96, (row) => row.money?.waste ?? null),
    figure('score', t('fleet.score'), 62, (row) => row.score),
    figure('alerts', t('nav.alerts'), 62, (row) => row.alerts),
    figure('findings', t('fleet.findings'), 70, (row) => row.findings),
    {
      key: 'certificate',
      label: t('fleet.certificate'),
      widthPx: 130,
      sortBy: (row) => row.cluster.certificate?.days_left,
    },
    {
      key: 'collector',
      label: t('fleet.collector'),
      widthPx: 130,
      sortBy: (row) => row.collector?.at,
    },
    { key: 'webhook', label: t('fleet.webhook'), widthPx: 130, sortBy: (row) => row.webhook?.at },
  ])
}
