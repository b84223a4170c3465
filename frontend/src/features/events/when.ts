// Of which time events are asked for: a number of days until now, or one day. Pure.
const DATE = /^\d{4}-\d{2}-\d{2}$/
export const SPANS = ['7', '30', '90'] as const

/** What the API is asked for: nothing stands for the last 24 hours. */
export function timeOf(when: string): { day?: string; days?: number } {
  if (DATE.test(when)) return { day: when }
  const span = SPANS.find((one) => one === when)
  return span === undefined ? {} : { days: Number(span) }
}

export interface DayOfEvents {
  day: string
  type: string
  reason: string
  events: number
}

/** Warnings of each day in one line, such as `BackOff 3, Unhealthy 1`; what is normal is no mark. */
export function warningsByDay(items: readonly DayOfEvents[]): { day: string; text: string }[] {
  const days = new Map<string, string[]>()
  for (const { day, type, reason, events } of items) {
    if (type !== 'Warning') continue
    days.set(day, [...(days.get(day) ?? []), `${reason} ${events}`])
  }
  return [...days].map(([day, reasons]) => ({ day, text: reasons.join(', ') }))
}
