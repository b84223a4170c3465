// Which namespace somebody probably meant who typed one that nobody knows. Pure.

/** How many letters are to be added, dropped or changed to get from one word to another. */
function distance(a: string, b: string): number {
  let before = Array.from({ length: b.length + 1 }, (_, index) => index)
  for (const [row, letter] of Array.from(a).entries()) {
    const now = [row + 1]
    for (const [column, other] of Array.from(b).entries()) {
      const changed = (before[column] ?? 0) + Number(letter !== other)
      now.push(Math.min(changed, (before[column + 1] ?? 0) + 1, (now[column] ?? 0) + 1))
    }
    before = now
  }
  return before[b.length] ?? 0
}

const FAR = 3

/** The known name that is closest to another one; none where all are far. */
export function nearest(name: string, known: readonly string[]): string | null {
  const far = known
    .map((one) => ({ one, steps: distance(name, one) }))
    .filter(({ one, steps }) => steps < Math.min(FAR, one.length))
  return far.sort((a, b) => a.steps - b.steps)[0]?.one ?? null
}
