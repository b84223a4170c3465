// What was left out, put together by reason: one line for a thing, however many days it was left out of.
import type { LeftOut } from '@/api/types'

/** An entry of a day's report, or of a run's, which names the day. */
export type LeftOutEntry = LeftOut & { date?: string }

export interface LeftOutLine {
  /** Namespace and name, or what there is of them; empty for those that are too many to name. */
  name: string
  /** Pods or containers; the most of any day, and of those without a name all of them. */
  count: number
  days: string[]
}

export interface LeftOutGroup {
  reason: LeftOut['reason']
  /** Things, those without a name included. */
  count: number
  lines: LeftOutLine[]
}

/** The groups in the order in which their reasons come, lines likewise, those without a name last. */
export function byReason(entries: readonly LeftOutEntry[]): LeftOutGroup[] {
  const groups = new Map<LeftOut['reason'], Map<string, LeftOutLine>>()
  for (const { reason, namespace, name, count, date } of entries) {
    const lines = groups.get(reason) ?? new Map<string, LeftOutLine>()
    groups.set(reason, lines)
    const key = [namespace, name].filter(Boolean).join('/')
    const line = lines.get(key) ?? { name: key, count: 0, days: [] }
    line.count = key ? Math.max(line.count, count) : line.count + count
    if (date !== undefined) line.days.push(date)
    lines.set(key, line)
  }
  return [...groups].map(([reason, found]) => {
    const lines = [...found.values()].sort((a, b) => Number(!a.name) - Number(!b.name))
    return {
      reason,
      lines,
      count: lines.reduce((sum, { name, count }) => sum + (name ? 1 : count), 0),
    }
  })
}
