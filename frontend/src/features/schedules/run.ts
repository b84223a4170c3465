// What a run of a schedule asks for, to be previewed. Pure.
import type { NewOperation, Schedule } from '@/api/types'
import type { ServiceName } from '@/features/operations/form'

/** @param matches what its selector finds now; unknown as long as it is not known. */
export function operationAsked(
  schedule: Schedule,
  matches: readonly ServiceName[] | undefined,
): NewOperation | null {
  const { kind, selector, pause_s, stop_on_error, wait_rollout, rollback_on_failure } = schedule
  const care = { pause_s, stop_on_error, wait_rollout, rollback_on_failure }
  if (!selector) return { kind, targets: schedule.targets ?? [], ...care }
  if (!matches) return null
  const { replicas, autoscaler_bounds } = selector
  const targets = matches.map(({ namespace, name }) => ({
    namespace,
    name,
    replicas,
    autoscaler_bounds,
  }))
  return { kind, targets, ...care }
}
