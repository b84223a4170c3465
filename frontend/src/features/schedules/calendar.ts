// The days of a week or of a month's weeks, and what runs on each of them.
import type { CalendarItem } from '@/api/types'

export type Span = 'week' | 'month'
const WEEK = 7

/** `YYYY-MM-DD` of the browser's zone. */
export function dayOf(at: Date): string {
  const two = (value: number) => String(value).padStart(2, '0')
  return `${at.getFullYear()}-${two(at.getMonth() + 1)}-${two(at.getDate())}`
}

const added = (at: Date, days: number) =>
  new Date(at.getFullYear(), at.getMonth(), at.getDate() + days)

const monday = (at: Date) => added(at, -((at.getDay() + 6) % WEEK))

/** The days that are shown around a day: whole weeks, from Monday. */
export function daysOf(anchor: Date, span: Span): Date[] {
  const first = span === 'week' ? anchor : new Date(anchor.getFullYear(), anchor.getMonth(), 1)
  const last = span === 'week' ? anchor : new Date(anchor.getFullYear(), anchor.getMonth() + 1, 0)
  const [start, end] = [monday(first), added(monday(last), WEEK)]
  const days: Date[] = []
  for (let day = start; day < end; day = added(day, 1)) days.push(day)
  return days
}

/** The same day of the next or the last week, or the first of the month. */
export function moved(anchor: Date, span: Span, by: 1 | -1): Date {
  if (span === 'week') return added(anchor, by * WEEK)
  return new Date(anchor.getFullYear(), anchor.getMonth() + by, 1)
}

/** From the first moment of the first day to the end of the last one, UTC. */
export function boundsOf(days: readonly Date[]): { since: string; until: string } {
  const [first, last] = [days[0] ?? new Date(), days[days.length - 1] ?? new Date()]
  return { since: first.toISOString(), until: added(last, 1).toISOString() }
}

/** What runs on each day, in order. */
export function byDay(items: readonly CalendarItem[]): Map<string, CalendarItem[]> {
  const days = new Map<string, CalendarItem[]>()
  for (const item of items) {
    const day = dayOf(new Date(item.at))
    days.set(day, [...(days.get(day) ?? []), item])
  }
  return days
}
