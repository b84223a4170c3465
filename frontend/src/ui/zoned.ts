// Moments and days of a time zone that need not be the browser's.
const MINUTE_MS = 60_000
const PARTS = { year: 'numeric', month: '2-digit', day: '2-digit', hour: '2-digit' } as const
const formats = new Map<string, Intl.DateTimeFormat>()

function format(zone: string): Intl.DateTimeFormat {
  const known = formats.get(zone)
  if (known) return known
  const options = { ...PARTS, minute: '2-digit', hourCycle: 'h23', timeZone: zone } as const
  const made = new Intl.DateTimeFormat('en-CA', options)
  formats.set(zone, made)
  return made
}

/** `YYYY-MM-DDTHH:MM` of a zone's clocks. */
export function localMinute(at: Date, zone: string): string {
  const parts = format(zone).formatToParts(at)
  const of = (type: string) => parts.find((part) => part.type === type)?.value ?? ''
  return `${of('year')}-${of('month')}-${of('day')}T${of('hour')}:${of('minute')}`
}

export const localDay = (at: Date, zone: string) => localMinute(at, zone).slice(0, 10)

/** The moment of a zone's `YYYY-MM-DDTHH:MM`; where its clocks are put back, the first one. */
export function momentOf(local: string, zone: string): Date {
  const wanted = Date.parse(`${local}:00Z`)
  let at = wanted
  for (let round = 0; round < 2; round++)
    at -= Date.parse(`${localMinute(new Date(at), zone)}:00Z`) - wanted
  return new Date(at)
}

/** The moment at which a zone's day begins; the first one, where its midnight is skipped. */
export function startOf(day: string, zone: string): Date {
  const before = momentOf(`${day}T00:00`, zone)
  return localDay(before, zone) < day ? new Date(before.getTime() + 60 * MINUTE_MS) : before
}
