// The weekdays, in the order of a week, and their names.
/** As cron counts them: Monday is 1, Sunday is 0. */
export const WEEK = [1, 2, 3, 4, 5, 6, 0] as const
export type Weekday = (typeof WEEK)[number]

/** The names of the weekdays, short. */
export function weekdayNames(locale: string): ReadonlyMap<Weekday, string> {
  const written = new Intl.DateTimeFormat(locale, { weekday: 'short', timeZone: 'UTC' })
  // The seventh of January 2024 was a Sunday.
  return new Map(WEEK.map((day) => [day, written.format(new Date(Date.UTC(2024, 0, 7 + day)))]))
}
