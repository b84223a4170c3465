// What can be done with the chosen services besides editing them. Other features add their buttons here.
import type { Load } from '@/ui/lazy'

/** `() => import('@/features/….vue')` of each: a component with the props `{ env: string; services: ServiceName[] }`. */
export const SELECTION_ACTIONS: readonly Load[] = [
  () => import('@/features/operations/SelectionActions.vue'),
]
