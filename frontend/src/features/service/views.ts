// The views of one service's page. Each component gets `{ service: Service }`.
import type { Load } from '@/ui/lazy'

interface View {
  key: string
  labelKey: string
  load: Load
}

export const VIEWS: readonly View[] = [
  {
    key: 'overview',
    labelKey: 'service.tabOverview',
    load: () => import('./OverviewView.vue'),
  },
  {
    key: 'pods',
    labelKey: 'service.tabPods',
    load: () => import('./PodsView.vue'),
  },
  {
    key: 'operations',
    labelKey: 'nav.operations',
    load: () => import('./OperationsView.vue'),
  },
  {
    key: 'admission',
    labelKey: 'service.tabAdmission',
    load: () => import('./AdmissionView.vue'),
  },
  {
    key: 'history',
    labelKey: 'service.tabHistory',
    load: () => import('./HistoryPanel.vue'),
  },
]
