// Days on a time axis: every calendar day has its place, so that a gap is a gap. Pure.
const DAY_MS = 86_400_000

/** All local dates from the first to the last one given, both included. */
export function everyDay(dates: readonly string[]): string[] {
  const [first, last] = [dates[0], dates[dates.length - 1]]
  if (first === undefined || last === undefined) return []
  const days: string[] = []
  for (let at = Date.parse(first); at <= Date.parse(last); at += DAY_MS) {
    days.push(new Date(at).toISOString().slice(0, 10))
  }
  return days
}

/** One value per day; null on days that have no row. */
export function valuesOn<Row extends { date: string }>(
  days: readonly string[],
  rows: readonly Row[],
  valueOf: (row: Row) => number | null,
): (number | null)[] {
  const byDate = new Map(rows.map((row) => [row.date, valueOf(row)]))
  return days.map((day) => byDate.get(day) ?? null)
}

/** The date that lies so many days before another one. */
export function daysBefore(date: string, days: number): string {
  return new Date(Date.parse(date) - days * DAY_MS).toISOString().slice(0, 10)
}
