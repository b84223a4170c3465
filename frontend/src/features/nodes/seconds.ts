// Within which bounds the API takes the seconds of drains and moves (a test holds them to its document), and with which
// the console begins.
import { whole } from '@/features/operations/form'

export interface Seconds {
  leastS: number
  mostS: number
  /** With which a field begins; null: it may be empty, and is at first. */
  firstS: number | null
}

export const TIMEOUT: Seconds = { leastS: 10, mostS: 86_400, firstS: 3600 }
export const GRACE: Seconds = { leastS: 1, mostS: 86_400, firstS: null }
export const PAUSE: Seconds = { leastS: 0, mostS: 3600, firstS: 30 }

/** What a field begins with. */
export const firstOf = ({ firstS }: Seconds) => (firstS === null ? '' : String(firstS))

/** The seconds that are typed; null where none are and none have to be, undefined where they can't be taken. */
export function secondsOf(text: string, { leastS, mostS, firstS }: Seconds) {
  if (text.trim() === '' && firstS === null) return null
  return whole(text, leastS, mostS) ?? undefined
}
