// What of which logs is read, as the address says it. Pure.
import type { LocationQuery } from 'vue-router'
import { whole } from '@/features/operations/form'
import type { LogQuery } from './useLogs'

/** A browser keeps six connections open to one address; the rest of the console needs some. */
export const MOST_PODS = 4
export const TAILS = ['100', '1000', '10000', '100000'] as const
export const SINCES = ['300', '900', '3600', '21600', '86400'] as const
const FIRST_TAIL = '1000'

const listOf = (value: LocationQuery[string] | undefined) =>
  [value].flat().filter((one) => typeof one === 'string')
const textOf = (value: LocationQuery[string] | undefined) => listOf(value)[0] ?? ''

export interface Place {
  pods: string[]
  /** Those of the address that are too many to be read at once. */
  over: string[]
  service: string
  container: string
  previous: boolean
  tail: string
  since: string
  follow: boolean
}

export function placeOf(query: LocationQuery): Place {
  const pods = listOf(query['pod'])
  const previous = query['previous'] === 'true'
  const since = textOf(query['since'])
  return {
    pods: pods.slice(0, MOST_PODS),
    over: pods.slice(MOST_PODS),
    service: textOf(query['service']),
    container: textOf(query['container']),
    previous,
    since,
    tail: textOf(query['tail']) || (since === '' ? FIRST_TAIL : ''),
    // What has ended says nothing more.
    follow: !previous && query['follow'] !== 'false',
  }
}

/** What the API is asked for; what is no number is left to it. */
export function askedOf({ container, previous, tail, since, follow }: Place): LogQuery {
  return {
    ...(container === '' ? {} : { container }),
    previous,
    tail: whole(tail, 0, 100_000),
    since: whole(since, 1, 2_592_000),
    follow,
  }
}
