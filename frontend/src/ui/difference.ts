// What differs between two JSON documents, leaf by leaf. Pure.
export interface Difference {
  path: string
  before: unknown
  after: unknown
}

const isBranch = (value: unknown): value is Record<string, unknown> =>
  typeof value === 'object' && value !== null

/** The leaves that differ, by their dotted path; lists are compared by position. */
export function differencesOf(before: unknown, after: unknown, path = ''): Difference[] {
  if (!isBranch(before) && !isBranch(after)) {
    return before === after ? [] : [{ path, before, after }]
  }
  const left = isBranch(before) ? before : {}
  const right = isBranch(after) ? after : {}
  const keys = [...new Set([...Object.keys(left), ...Object.keys(right)])]
  return keys.flatMap((key) =>
    differencesOf(left[key], right[key], path === '' ? key : `${path}.${key}`),
  )
}

/** A leaf as text; nothing is a dash. */
export function leafText(value: unknown): string {
  if (value === null || value === undefined || value === '') return '–'
  return typeof value === 'string' ? value : JSON.stringify(value)
}
