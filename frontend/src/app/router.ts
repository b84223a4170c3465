// Where each page is. Pages are fetched when somebody goes there.
import { createRouter, createWebHistory, type RouteRecordRaw } from 'vue-router'

const routes: RouteRecordRaw[] = [
  { path: '/', component: () => import('./StartPage.vue') },
  {
    path: '/fleet',
    name: 'fleet',
    component: () => import('@/features/fleet/FleetPage.vue'),
  },
  {
    path: '/fleet/add',
    name: 'addCluster',
    component: () => import('@/features/fleet/setup/AddClusterPage.vue'),
  },
  {
    path: '/overview',
    name: 'overview',
    component: () => import('@/features/overview/OverviewPage.vue'),
  },
  {
    path: '/now',
    name: 'now',
    component: () => import('@/features/now/NowPage.vue'),
  },
  {
    path: '/nodes',
    name: 'nodes',
    component: () => import('@/features/nodes/NodesPage.vue'),
  },
  {
    path: '/alerts',
    name: 'alerts',
    component: () => import('@/features/alerts/AlertsPage.vue'),
  },
  {
    path: '/events',
    name: 'events',
    component: () => import('@/features/events/EventsPage.vue'),
  },
  {
    path: '/services',
    name: 'services',
    component: () => import('@/features/services/ServicesPage.vue'),
    meta: { grid: true },
  },
  {
    path: '/services/:env/:namespace/:name',
    name: 'service',
    component: () => import('@/features/service/ServicePage.vue'),
    props: true,
  },
  {
    path: '/compare/:namespace/:name',
    name: 'compare',
    component: () => import('@/features/compare/ComparePage.vue'),
    props: true,
  },
  {
    path: '/logs/:env/:namespace',
    name: 'log',
    component: () => import('@/features/pods/log/LogPage.vue'),
    props: true,
  },
  {
    path: '/namespaces',
    name: 'namespaces',
    component: () => import('@/features/namespaces/NamespacesPage.vue'),
  },
  {
    path: '/peaks',
    name: 'peaks',
    component: () => import('@/features/peaks/PeaksPage.vue'),
  },
  {
    path: '/rules',
    name: 'rules',
    component: () => import('@/features/rules/RulesPage.vue'),
  },
  {
    path: '/savings',
    name: 'savings',
    component: () => import('@/features/savings/SavingsPage.vue'),
    meta: { grid: true },
  },
  {
    path: '/admission',
    name: 'admission',
    component: () => import('@/features/admission/AdmissionPage.vue'),
  },
  {
    path: '/operations',
    name: 'operations',
    component: () => import('@/features/operations/OperationsPage.vue'),
  },
  {
    path: '/operations/:env/:id',
    name: 'operation',
    component: () => import('@/features/operations/OperationPage.vue'),
    props: true,
  },
  {
    path: '/schedules',
    name: 'schedules',
    component: () => import('@/features/schedules/SchedulesPage.vue'),
  },
  {
    path: '/schedules/:env/:id',
    name: 'schedule',
    component: () => import('@/features/schedules/SchedulePage.vue'),
    props: true,
  },
  {
    path: '/dashboards',
    name: 'grafana',
    component: () => import('@/features/grafana/GrafanaPage.vue'),
  },
  {
    path: '/collection',
    name: 'collection',
    component: () => import('@/features/collection/CollectionPage.vue'),
  },
  {
    path: '/settings',
    name: 'settings',
    component: () => import('@/features/settings/SettingsPage.vue'),
  },
  {
    path: '/audit',
    name: 'audit',
    component: () => import('@/features/audit/AuditPage.vue'),
  },
  { path: '/:rest(.*)*', name: 'notFound', component: () => import('./NotFoundPage.vue') },
]

export const router = createRouter({ history: createWebHistory(), routes })
