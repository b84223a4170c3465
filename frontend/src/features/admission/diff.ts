// A line diff of two texts, by the longest common subsequence. Pure.
export interface DiffLine {
  kind: 'same' | 'added' | 'removed'
  text: string
}

const MAX_LINES = 3000

/** Lengths of the common subsequences of what is left from each pair of lines on. */
function lengths(left: readonly string[], right: readonly string[]): Uint32Array[] {
  const table = Array.from({ length: left.length + 1 }, () => new Uint32Array(right.length + 1))
  for (let i = left.length - 1; i >= 0; i--) {
    for (let j = right.length - 1; j >= 0; j--) {
      const [here, below] = [table[i], table[i + 1]]
      if (!here || !below) continue
      here[j] =
        left[i] === right[j] ? (below[j + 1] ?? 0) + 1 : Math.max(below[j] ?? 0, here[j + 1] ?? 0)
    }
  }
  return table
}

/** The lines of both texts in order; beyond 3,000 lines the new text alone. */
export function diffLines(before: string, after: string): DiffLine[] {
  const [left, right] = [before.trimEnd().split('\n'), after.trimEnd().split('\n')]
  if (left.length > MAX_LINES || right.length > MAX_LINES)
    return right.map((text) => ({ kind: 'same', text }))
  const table = lengths(left, right)
  const lines: DiffLine[] = []
  let [i, j] = [0, 0]
  while (i < left.length || j < right.length) {
    const [old, young] = [left[i], right[j]]
    if (old !== undefined && old === young) {
      lines.push({ kind: 'same', text: old })
      i++
      j++
    } else if (
      young === undefined ||
      (old !== undefined && (table[i + 1]?.[j] ?? 0) >= (table[i]?.[j + 1] ?? 0))
    ) {
      lines.push({ kind: 'removed', text: old ?? '' })
      i++
    } else {
      lines.push({ kind: 'added', text: young })
      j++
    }
  }
  return lines
}
