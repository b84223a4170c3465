// The days of a week or of a month's weeks, `YYYY-MM-DD` of a zone, and what runs on each of them.
import type { CalendarItem } from '@/api/types'
import { localDay, startOf } from '@/ui/zoned'

export type Span = 'week' | 'month'
const WEEK = 7

const utc = (day: string) => new Date(`${day}T00:00:00Z`)
const text = (at: Date) => at.toISOString().slice(0, 10)

function added(day: string, days: number): string {
  const at = utc(day)
  at.setUTCDate(at.getUTCDate() + days)
  return text(at)
}

const firstOfMonth = (day: string, by: number) => {
  const at = utc(day)
  return text(new Date(Date.UTC(at.getUTCFullYear(), at.getUTCMonth() + by, 1)))
}
const monday = (day: string) => added(day, -((utc(day).getUTCDay() + 6) % WEEK))

/** The days that are shown around a day: whole weeks, from Monday. */
export function daysOf(anchor: string, span: Span): string[] {
  const first = span === 'week' ? anchor : firstOfMonth(anchor, 0)
  const last = span === 'week' ? anchor : added(firstOfMonth(anchor, 1), -1)
  const end = added(monday(last), WEEK)
  const days: string[] = []
  for (let day = monday(first); day < end; day = added(day, 1)) days.push(day)
  return days
}

/** The same day of the next or the last week, or the first of the month. */
export function moved(anchor: string, span: Span, by: 1 | -1): string {
  return span === 'week' ? added(anchor, by * WEEK) : firstOfMonth(anchor, by)
}

/** From the first moment of the first day, or from now where that is later, to the end of the last; null for the past. */
export function boundsOf(
  days: readonly string[],
  zone: string,
  now: Date,
): { since: string; until: string } | null {
  const [first, last] = [days[0] ?? localDay(now, zone), days.at(-1) ?? localDay(now, zone)]
  const begin = startOf(first, zone)
  const [since, until] = [begin < now ? now : begin, startOf(added(last, 1), zone)]
  return since < until ? { since: since.toISOString(), until: until.toISOString() } : null
}

/** What runs on each day, in order. */
export function byDay(items: readonly CalendarItem[], zone: string): Map<string, CalendarItem[]> {
  const days = new Map<string, CalendarItem[]>()
  for (const item of items) {
    const day = localDay(new Date(item.at), zone)
    days.set(day, [...(days.get(day) ?? []), item])
  }
  return days
}
