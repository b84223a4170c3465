// What the dialog of an operation holds as it is typed, and the request that it makes.
import type { NewOperation, OperationTarget } from '@/api/types'

export interface ServiceName {
  namespace: string
  name: string
}

/** To how many pods: the control table's count, a number, or an autoscaler's bounds. */
export interface Amount {
  count: 'table' | 'number' | 'bounds'
  replicas: string
  least: string
  most: string
}

/** How carefully. */
export interface Care {
  pauseS: string
  stopOnError: boolean
  waitRollout: boolean
  rollback: boolean
}

/** A message's key for each field that can't be sent as it is. */
export type Faults = Record<string, string>

export const MOST_REPLICAS = 100_000
const MOST_PAUSE_S = 86_400

export const newAmount = (): Amount => ({ count: 'number', replicas: '', least: '', most: '' })
export const newCare = (): Care => ({
  pauseS: '0',
  stopOnError: true,
  waitRollout: true,
  rollback: false,
})

/** A whole number of a range, or null. */
export function whole(text: string, least: number, most: number): number | null {
  if (!/^\d{1,9}$/.test(text.trim())) return null
  const value = Number(text.trim())
  return value >= least && value <= most ? value : null
}

/** Which counts can't be sent. */
export function amountFaults({ count, replicas, least, most }: Amount): Faults {
  const fault = 'operations.wrongCount'
  if (count === 'number' && whole(replicas, 0, MOST_REPLICAS) === null) return { replicas: fault }
  if (count !== 'bounds') return {}
  const [low, high] = [whole(least, 0, MOST_REPLICAS), whole(most, 1, MOST_REPLICAS)]
  if (low === null || high === null) return { bounds: fault }
  return low > high ? { bounds: 'operations.wrongBounds' } : {}
}

/** What can't be sent of how carefully. */
export function careFaults({ pauseS }: Care): Faults {
  return whole(pauseS, 0, MOST_PAUSE_S) === null ? { pauseS: 'operations.wrongPause' } : {}
}

/** The count or bounds of a target; none but for a scale. */
export function amountOf(kind: NewOperation['kind'], amount: Amount) {
  const { count, replicas, least, most } = amount
  if (kind !== 'scale' || count === 'table') return { replicas: null, autoscaler_bounds: null }
  if (count === 'number') return { replicas: Number(replicas), autoscaler_bounds: null }
  const autoscaler_bounds = { min_replicas: Number(least), max_replicas: Number(most) }
  return { replicas: null, autoscaler_bounds }
}

/** The careful part of a request. */
export function careOf({ pauseS, stopOnError, waitRollout, rollback }: Care) {
  return {
    pause_s: Number(pauseS),
    stop_on_error: stopOnError,
    wait_rollout: waitRollout,
    rollback_on_failure: rollback,
  }
}

/** `until`, a browser's local time, is in the future. */
export function untilFault(until: string, nowMs: number): Faults {
  const at = new Date(until).getTime()
  return Number.isFinite(at) && at > nowMs ? {} : { until: 'operations.wrongUntil' }
}

/** The request for a list of services. */
export function operationOf(
  kind: NewOperation['kind'],
  services: readonly ServiceName[],
  { amount, care, until }: { amount: Amount; care: Care; until: string },
): NewOperation {
  const what = amountOf(kind, amount)
  const targets: OperationTarget[] = services.map((name) => ({ ...name, ...what }))
  const end = until === '' ? {} : { until: new Date(until).toISOString() }
  return { kind, targets, ...careOf(care), ...end }
}
