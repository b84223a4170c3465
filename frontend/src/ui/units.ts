// How numbers are written: cpu as `250 m` or `1.5 cores`, memory as MiB or GiB, unknown as `–`.
const UNKNOWN = '–'

type Amount = number | null | undefined

const known = (value: Amount): value is number => value !== null && value !== undefined

/** At most so many decimals, none that say nothing, thousands apart. */
function trimmed(value: number, digits: number): string {
  const [whole = '0', decimals = ''] = value.toFixed(digits).split('.')
  const shown = decimals.replace(/0+$/, '')
  return groupDigits(Number(whole)) + (shown === '' ? '' : `.${shown}`)
}

/**
 * Millicores as a person writes them: below one core in millicores.
 * @param unitOf the amount that chooses the unit, where several stand together.
 */
export function cpuText(millicores: Amount, coresWord: string, unitOf = millicores ?? 0): string {
  if (!known(millicores)) return UNKNOWN
  if (Math.abs(unitOf) < 1000) return `${groupDigits(Math.round(millicores))} m`
  return `${trimmed(millicores / 1000, millicores >= 100_000 ? 0 : 2)} ${coresWord}`
}

/**
 * MiB as a person writes them: from 10 GiB on in GiB.
 * @param unitOf the amount that chooses the unit, where several stand together.
 */
export function memText(mib: Amount, unitOf = mib ?? 0): string {
  if (!known(mib)) return UNKNOWN
  if (Math.abs(unitOf) < 10_240) return `${groupDigits(Math.round(mib))} MiB`
  return `${trimmed(mib / 1024, mib >= 1_024_000 ? 0 : 1)} GiB`
}

/** A count, or `–`. */
export function countText(value: Amount): string {
  return known(value) ? groupDigits(value) : UNKNOWN
}

const TENS = [10, 100]

/** A number with two decimals below ten, one below a hundred, none above; or `–`. */
export function decimalText(value: Amount): string {
  return known(value) ? trimmed(value, TENS.filter((ten) => Math.abs(value) < ten).length) : UNKNOWN
}

/** A share given as per cent, or `–`. */
export function percentText(value: Amount): string {
  return known(value) ? `${trimmed(value, value < 10 ? 1 : 0)} %` : UNKNOWN
}

/** Thousands apart by commas, at which no line breaks and which cells take again. */
function groupDigits(value: number): string {
  return Math.round(value)
    .toString()
    .replace(/\B(?=(\d{3})+(?!\d))/g, ',')
}

/** `part` as per cent of `whole`; null where either is unknown or the whole is nothing. */
export function percentOf(part: Amount, whole: Amount): number | null {
  if (!known(part) || !known(whole) || whole === 0) return null
  return (100 * part) / whole
}
