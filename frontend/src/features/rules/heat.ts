// A day's hours as cells: how strong each is against the largest, and which are peak hours. Pure.
import { readPeakHours, WEEKDAYS } from '@/features/settings/peakHours'

export const HOURS = 24
export const STRENGTHS = 6

/** From 0 (next to nothing) to the last one (the largest); null where it is not known. */
export function strengthOf(cores: number | null, largest: number): number | null {
  if (cores === null) return null
  if (largest <= 0) return 0
  return Math.min(STRENGTHS - 1, Math.floor((cores / largest) * STRENGTHS))
}

const minutesOf = (clock: string) => {
  const [hours = '0', minutes = '0'] = clock.split(':')
  return 60 * Number(hours) + Number(minutes)
}

/** Whether any minute of an hour of a date is within the peak hours; those after midnight are of the day before. */
export function inPeak(peakHours: string, date: string, hour: number): boolean {
  const weekday = (new Date(`${date}T00:00:00Z`).getUTCDay() + 6) % 7
  const [from, to] = [60 * hour, 60 * (hour + 1)]
  return (readPeakHours(peakHours) ?? []).some(({ start, end, days }) => {
    const counts = (at: number) => days.includes(WEEKDAYS[(at + 7) % 7] ?? 'mon')
    const [first, last] = [minutesOf(start), minutesOf(end)]
    const crosses = last <= first
    const today = counts(weekday) && from < (crosses ? 24 * 60 : last) && to > first
    return today || (crosses && counts(weekday - 1) && from < last)
  })
}
