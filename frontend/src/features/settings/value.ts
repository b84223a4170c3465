// The value of a setting as it is edited, and as it is sent. Pure.
import type { Setting } from '@/api/types'

export type Value = Setting['value']
export type Edited = string | string[]

export const editedOf = (value: Value): Edited =>
  Array.isArray(value) ? [...value] : String(value)

/** What is sent; a number that is none is sent as it was typed, for the API to say what it takes. */
export function sentOf(kind: Setting['kind'], edited: Edited): Value {
  if (Array.isArray(edited)) return edited
  const text = edited.trim()
  const number = Number(text)
  const numeric = (kind === 'integer' || kind === 'number') && text !== ''
  return numeric && Number.isFinite(number) ? number : text
}

/** Whether two values are the same; the order of chosen things does not matter. */
export function sameValue(a: Edited, b: Edited): boolean {
  const plain = (one: Edited) => (Array.isArray(one) ? [...one].sort().join('\n') : one.trim())
  return plain(a) === plain(b)
}
