// Peak hours as windows with their weekdays, from and to the notation of the API. Pure.
export const WEEKDAYS = ['mon', 'tue', 'wed', 'thu', 'fri', 'sat', 'sun'] as const
export type Weekday = (typeof WEEKDAYS)[number]

export interface PeakWindow {
  start: string
  end: string
  days: Weekday[]
}

export const MOST_WINDOWS = 2
const EVERY_DAY = [...WEEKDAYS]

/** The days of `mon-fri`, `sat,sun` or both; null for what is neither. */
function daysOf(text: string): Weekday[] | null {
  if (text === '') return EVERY_DAY
  const days = new Set<Weekday>()
  for (const part of text.toLowerCase().split(',')) {
    const [from = '', to = from] = part.trim().split('-')
    const [first, last] = [from, to].map((day) => WEEKDAYS.indexOf(day.trim() as Weekday))
    if (first === undefined || last === undefined || first < 0 || last < 0) return null
    for (let at = first; ; at = (at + 1) % WEEKDAYS.length) {
      days.add(WEEKDAYS[at] ?? 'mon')
      if (at === last) break
    }
  }
  return WEEKDAYS.filter((day) => days.has(day))
}

/** The windows of `10:00-11:30 mon-fri; 20:00-22:00 sat,sun`; null where that is not how it is written. */
export function readPeakHours(text: string): PeakWindow[] | null {
  const windows: PeakWindow[] = []
  for (const part of text.split(';')) {
    const found = /^\s*([^\s-]*)\s*-\s*([^\s-]*)(?:\s+(\S.*?))?\s*$/.exec(part)
    const days = daysOf(found?.[3] ?? '')
    if (!found || days === null) return null
    windows.push({ start: found[1] ?? '', end: found[2] ?? '', days })
  }
  return windows
}

/** The windows in the notation of the API; all days are not named. */
export function writePeakHours(windows: readonly PeakWindow[]): string {
  return windows
    .map(({ start, end, days }) => {
      const hours = `${start.trim()}-${end.trim()}`
      return days.length === WEEKDAYS.length ? hours : `${hours} ${days.join(',')}`
    })
    .join('; ')
}

/** The weekdays of no window, as a date counts them (0 is Sunday); none where the hours can't be read. */
export function restDays(text: string): number[] {
  const windows = readPeakHours(text)
  if (windows === null) return []
  const counting = new Set(windows.flatMap(({ days }) => days))
  return WEEKDAYS.flatMap((day, index) =>
    counting.has(day) ? [] : [(index + 1) % WEEKDAYS.length],
  )
}
