// The failed services of an ended operation, as the request that tries them again.
import type { NewOperation, OperationDetail } from '@/api/types'
import { isOpen } from './progress'

/** Null while it goes on, where nothing failed, and where it gave values back (that is asked for anew). */
export function again(operation: OperationDetail): NewOperation | null {
  const failed = operation.targets.filter(
    ({ state }) => state === 'failed' || state === 'rolled_back',
  )
  const over = operation.until !== null && new Date(operation.until).getTime() <= Date.now()
  if (isOpen(operation) || failed.length === 0 || operation.rollback_of !== '' || over) return null
  return {
    kind: operation.kind,
    targets: failed.map(({ namespace, name, replicas, autoscaler_bounds }) => ({
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
