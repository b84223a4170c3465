// What the form of an action on pods holds as it is typed, and the parameters that it makes. Pure.
import type { Schemas } from '@/api/types'
import { whole } from '@/features/operations/form'

export type ActionKind = Schemas['AskedPodAction']['kind']
type Parameters = Partial<Schemas['ActionParameters']>

export interface How {
  way: 'evict' | 'delete'
  graceS: string
  force: boolean
  order: 'at_once' | 'replacement_first'
  untilH: string
}

export const newHow = (): How => ({
  way: 'evict',
  graceS: '',
  force: false,
  order: 'at_once',
  untilH: '',
})

const MOST_GRACE_S = 86_400
const MOST_UNTIL_H = 168

/** A message's key for each number that can't be sent; an empty field leaves it to the pod, or to the setting. */
export function faultsOf(kind: ActionKind, { graceS, untilH }: How): Record<string, string> {
  const wrong = (text: string, most: number) => text.trim() !== '' && whole(text, 1, most) === null
  if (kind === 'delete')
    return wrong(graceS, MOST_GRACE_S) ? { graceS: 'podAction.wrongGrace' } : {}
  return wrong(untilH, MOST_UNTIL_H) ? { untilH: 'podAction.wrongUntil' } : {}
}

const number = (text: string) => (text.trim() === '' ? null : Number(text))

/** Each kind has its own: the API refuses those of another. */
export function parametersOf(kind: ActionKind, how: How): Parameters {
  if (kind === 'isolate') return { order: how.order, until_h: number(how.untilH) }
  const force = how.way === 'delete' && how.force
  return { way: how.way, grace_period_s: number(how.graceS), force }
}
