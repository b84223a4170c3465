// What an ended operation did not do, as the request that does it.
import type { NewOperation, OperationDetail } from '@/api/types'
import { isOpen } from './progress'

const FAILED = new Set(['failed', 'rolled_back'])

/** What the services that were not done have in common: all failed, all left out, or some of each. */
export function undoneKind({ targets }: OperationDetail): 'failed' | 'leftOut' | 'undone' {
  const failed = targets.some(({ state }) => FAILED.has(state))
  if (!targets.some(({ state }) => state === 'cancelled')) return 'failed'
  return failed ? 'undone' : 'leftOut'
}

/**
 * The services that failed or were left out. Null while it goes on, where everything was done, and where it gave
 * values back (that is asked for anew).
 */
export function again(operation: OperationDetail): NewOperation | null {
  const undone = operation.targets.filter(({ state }) => FAILED.has(state) || state === 'cancelled')
  const over = operation.until !== null && new Date(operation.until).getTime() <= Date.now()
  if (isOpen(operation) || undone.length === 0 || operation.rollback_of !== '' || over) return null
  return {
    kind: operation.kind,
    targets: undone.map(({ namespace, name, replicas, autoscaler_bounds }) => ({
      namespace,
      name,
      replicas,
      autoscaler_bounds,
    })),
    pause_s: operation.pause_s,
    stop_on_error: operation.stop_on_error,
    wait_rollout: operation.wait_rollout,
    rollback_on_failure: operation.rollback_on_failure,
    rollout_timeout_s: operation.rollout_timeout_s,
    ...(operation.until === null ? {} : { until: operation.until }),
  }
}
