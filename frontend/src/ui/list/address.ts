// An order as the address and the API write it, `-name` for downwards; what of a filter is asked for.
import type { Sort } from '@/ui/table/columns'

export function sortOf(text: string): Sort | null {
  return text === '' ? null : { key: text.replace(/^-/, ''), descending: text.startsWith('-') }
}

export const sortText = (sort: Sort | null) =>
  sort ? `${sort.descending ? '-' : ''}${sort.key}` : undefined

/** Only what is set. */
export function askedOf<Filter extends object>(filter: Filter): Partial<Filter> {
  const set = Object.entries(filter).filter(([, value]) => value !== '' && value !== undefined)
  return Object.fromEntries(set) as Partial<Filter>
}

/** The items of parts that were fetched one after the other: what moved from one to the next counts once. */
export function joined<Item>(
  parts: readonly { items: readonly Item[] }[],
  idOf: (item: Item) => string,
): Item[] {
  return [
    ...new Map(parts.flatMap(({ items }) => items).map((item) => [idOf(item), item])).values(),
  ]
}
