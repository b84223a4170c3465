// What the palette finds for a text: each word of it begins a word, or stands somewhere, in that order. Pure.
export interface Entry {
  id: string
  /** What it is called. */
  label: string
  /** What it is: a page, a service, something to do. */
  kind: string
}

const MOST = 12
const BREAKS = /[\s/._-]+/

/** 0: no word of the text is in it; more, the better it fits. */
function fitOf(label: string, words: readonly string[]): number {
  const text = label.toLowerCase()
  const parts = text.split(BREAKS)
  const points = words.map((word) => {
    if (parts.some((part) => part.startsWith(word))) return 2
    return text.includes(word) ? 1 : 0
  })
  return points.some((point) => point === 0) ? 0 : points.reduce<number>((a, b) => a + b, 1)
}

/** The best of them first, those of one fit as they came. */
export function found<One extends Entry>(entries: readonly One[], text: string): One[] {
  const words = text.toLowerCase().split(/\s+/).filter(Boolean)
  return entries
    .map((entry) => ({ entry, fit: fitOf(entry.label, words) }))
    .filter(({ fit }) => fit > 0)
    .sort((a, b) => b.fit - a.fit)
    .slice(0, MOST)
    .map(({ entry }) => entry)
}
