// A small line of few values: its path, with gaps where nothing is known, and how it grew. Pure.
type Values = readonly (number | null)[]

/** An SVG path in a box, from zero to a largest value; a value by itself is a short dash. */
export function sparkPath(
  values: Values,
  width: number,
  height: number,
  largest = Math.max(...values.map((value) => value ?? 0), 1),
): string {
  const step = values.length > 1 ? width / (values.length - 1) : 0
  const parts: string[] = []
  values.forEach((value, index) => {
    if (value === null) return
    const x = (index * step).toFixed(1)
    const y = (height - (height * value) / largest).toFixed(1)
    const alone = (values[index - 1] ?? null) === null
    const last = (values[index + 1] ?? null) === null
    parts.push(`${alone ? 'M' : 'L'}${x} ${y}`)
    if (alone && last) parts.push('h2')
  })
  return parts.join('')
}

/** The last known value as a share of the first known one; null with fewer than two. */
export function growthOf(values: Values | undefined): number | null {
  const known = (values ?? []).filter((value) => value !== null)
  const [first, last] = [known[0], known[known.length - 1]]
  if (known.length < 2 || first === undefined || last === undefined) return null
  return last / Math.max(first, 1)
}
