// Numbers and times in the language of the console; units as ui/units writes them.
import { useI18n } from 'vue-i18n'
import { clockZone } from './clock'
import { countText, cpuText, decimalText, memText, percentText } from './units'

const MINUTE_S = 60
const STEPS: [Intl.RelativeTimeFormatUnit, number][] = [
  ['day', 24 * 60 * MINUTE_S],
  ['hour', 60 * MINUTE_S],
  ['minute', MINUTE_S],
]

const formats = new Map<string, Intl.DateTimeFormat>()

/** Making a format costs much more than using it: each is made once. */
function dateFormat(locale: string, options: Intl.DateTimeFormatOptions): Intl.DateTimeFormat {
  const key = locale + JSON.stringify(options)
  const known = formats.get(key)
  if (known) return known
  const made = new Intl.DateTimeFormat(locale, options)
  formats.set(key, made)
  return made
}

const MOMENT: Intl.DateTimeFormatOptions = { dateStyle: 'medium', timeStyle: 'medium' }
const MINUTE: Intl.DateTimeFormatOptions = {
  month: 'short',
  day: 'numeric',
  hour: '2-digit',
  minute: '2-digit',
}
const DAY: Intl.DateTimeFormatOptions = {
  weekday: 'short',
  month: 'short',
  day: 'numeric',
  timeZone: 'UTC',
}

export function useFormat() {
  const { t, locale } = useI18n()

  /** A time as `3 minutes ago`. */
  function ago(iso: string | number, nowMs = Date.now()): string {
    const seconds = (new Date(iso).getTime() - nowMs) / 1000
    const relative = new Intl.RelativeTimeFormat(locale.value, { numeric: 'auto' })
    for (const [unit, size] of STEPS) {
      if (Math.abs(seconds) >= size) return relative.format(Math.round(seconds / size), unit)
    }
    return relative.format(Math.round(seconds), 'second')
  }

  const atClock = (options: Intl.DateTimeFormatOptions, iso: string | number) =>
    dateFormat(locale.value, { ...options, timeZone: clockZone.value }).format(new Date(iso))

  /** A moment with date and seconds, by the env's clock. */
  const moment = (iso: string | number) => atClock(MOMENT, iso)

  /** A moment on an axis: day and minute, by the env's clock. */
  const minute = (iso: string | number) => atClock(MINUTE, iso)

  /** A local date `2026-11-22` with its weekday. */
  function day(date: string): string {
    return dateFormat(locale.value, DAY).format(new Date(`${date}T00:00:00Z`))
  }

  /** An amount of money, without the small change. */
  function money(amount: number, currency: string): string {
    return new Intl.NumberFormat(locale.value, {
      style: 'currency',
      currency,
      maximumFractionDigits: 0,
    }).format(amount)
  }

  return {
    ago,
    money,
    moment,
    minute,
    day,
    /** Both take, as second, the amount that chooses the unit: the largest of an axis or a column. */
    cpu: (millicores: number | null | undefined, unitOf?: number) =>
      cpuText(millicores, t('common.cores'), unitOf),
    mem: (mib: number | null | undefined, unitOf?: number) => memText(mib, unitOf),
    count: countText,
    percent: percentText,
    decimal: decimalText,
  }
}
