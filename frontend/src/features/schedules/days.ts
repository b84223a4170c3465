// Weekdays and a time of day, from and to the cron expressions that say just that. Pure.
import { WEEK, type Weekday } from '@/ui/form/weekdays'

export interface DaysAndTime {
  days: Weekday[]
  /** `HH:MM` */
  time: string
}

const TIME = /^([01]?\d|2[0-3]):([0-5]\d)$/
const CRON = /^(\d{1,2}) (\d{1,2}) \* \* (\*|[0-7](?:-[0-7])?(?:,[0-7](?:-[0-7])?)*)$/
const SHORTEST_RANGE = 3

export const isTime = (text: string) => TIME.test(text.trim())

/** Days that follow each other, as first and last. */
export function rangesOf(days: readonly Weekday[]): [Weekday, Weekday][] {
  const ranges: [Weekday, Weekday][] = []
  let last = -2
  WEEK.forEach((day, at) => {
    if (!days.includes(day)) return
    const range = ranges.at(-1)
    if (range && last === at - 1) range[1] = day
    else ranges.push([day, day])
    last = at
  })
  return ranges
}

/** Sunday ends a week, and cron's range: there it is 7. */
function rangeText([first, last]: [Weekday, Weekday]): string {
  const [from, to] = [first || 7, last || 7]
  if (to - from + 1 < SHORTEST_RANGE)
    return from === to ? String(first) : `${String(first)},${String(last)}`
  return `${String(from)}-${String(to)}`
}

/** The cron expression of weekdays at a time; empty for what is no time or no day. */
export function cronOf({ days, time }: DaysAndTime): string {
  const [, hour, minute] = TIME.exec(time.trim()) ?? []
  if (hour === undefined || minute === undefined || days.length === 0) return ''
  const on = days.length === WEEK.length ? '*' : rangesOf(days).map(rangeText).join(',')
  return `${String(Number(minute))} ${String(Number(hour))} * * ${on}`
}

/** The weekdays and the time of a cron expression; null where it says more, or something else. */
export function daysOfCron(cron: string): DaysAndTime | null {
  const [, minute, hour, on] = CRON.exec(cron.trim()) ?? []
  if (minute === undefined || hour === undefined || on === undefined) return null
  const time = `${hour.padStart(2, '0')}:${minute.padStart(2, '0')}`
  if (!isTime(time)) return null
  if (on === '*') return { days: [...WEEK], time }
  const chosen = new Set<number>()
  for (const part of on.split(',')) {
    const [first = 0, last = first] = part.split('-').map(Number)
    if (last < first) return null
    for (let day = first; day <= last; day++) chosen.add(day % WEEK.length)
  }
  return { days: WEEK.filter((day) => chosen.has(day)), time }
}
