// An operation as it goes on: what a message of its events changes, and how far it is.
import type { OperationDetail, OperationProgress, OperationSummary } from '@/api/types'

export const isOpen = ({ state }: OperationSummary) => state === 'pending' || state === 'running'

/** The operation after a message; an older message changes nothing. */
export function withProgress(
  known: OperationDetail | undefined,
  message: OperationProgress,
): OperationDetail {
  const { operation, targets } = message
  if (known && BigInt(known.version) > BigInt(operation.version)) return known
  const next = [...(known?.targets ?? [])]
  for (const { index, ...target } of targets) next[index] = target
  return { ...operation, targets: next }
}

/** Per cent of the services that have ended, one way or another; those that were left out have not begun. */
export function shareDone({ counts }: OperationSummary): number {
  const ended = counts.total - counts.pending - counts.under_way - counts.cancelled
  return counts.total === 0 ? 0 : (100 * ended) / counts.total
}

/** Whether its values before can be offered back. */
export function canRollBack({ state, targets }: OperationDetail): boolean {
  const lost = targets.some((one) => one.state === 'failed' && one.can_roll_back)
  return state === 'failed' && lost
}
