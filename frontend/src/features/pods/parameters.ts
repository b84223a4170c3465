// What the form of an action on pods holds as it is typed, and the parameters that it makes. Pure.
import type { Schemas } from '@/api/types'
import { whole } from '@/features/operations/form'

export type ActionKind = Schemas['AskedPodAction']['kind']
/** What a JVM can be asked. */
export const QUESTIONS = [
  'threads',
  'histogram',
  'heap_info',
  'native_memory',
  'flags',
] as const satisfies readonly ActionKind[]
type Question = (typeof QUESTIONS)[number]
/** What a JVM can write into a file. */
export const FILES = ['heap_dump', 'jfr'] as const satisfies readonly ActionKind[]
type File = (typeof FILES)[number]
export const isFile = (kind: ActionKind): kind is File => FILES.some((one) => one === kind)
const isQuestion = (kind: ActionKind): kind is Question => QUESTIONS.some((one) => one === kind)
/** What a dialog is opened for; which question, or which file, is chosen in it. */
export type Act = Exclude<ActionKind, Question | File> | 'diagnose' | 'dump'
type Parameters = Partial<Schemas['ActionParameters']>

export interface How {
  way: 'evict' | 'delete'
  graceS: string
  force: boolean
  order: 'at_once' | 'replacement_first'
  untilH: string
  question: Question
  /** How often threads are asked for. */
  times: number
  /** Which of several JVMs. */
  pid: number | null
  file: File
  /** Whether the pod is isolated before its heap is written. */
  isolateFirst: boolean
  /** Whether the heap goes through a FIFO where no file has room. */
  throughFifo: boolean
  /** How long is recorded. */
  durationS: number
  settings: 'default' | 'profile'
}

export const newHow = (): How => ({
  way: 'evict',
  graceS: '',
  force: false,
  order: 'at_once',
  untilH: '',
  question: 'threads',
  times: 1,
  pid: null,
  file: 'heap_dump',
  isolateFirst: true,
  throughFifo: false,
  durationS: 60,
  settings: 'default',
})

const MOST_GRACE_S = 86_400
const MOST_UNTIL_H = 168

/** A message's key for each number that can't be sent; an empty field leaves it to the pod, or to the setting. */
export function faultsOf(kind: ActionKind, { graceS, untilH }: How): Record<string, string> {
  if (isQuestion(kind) || isFile(kind)) return {}
  const wrong = (text: string, most: number) => text.trim() !== '' && whole(text, 1, most) === null
  if (kind === 'delete')
    return wrong(graceS, MOST_GRACE_S) ? { graceS: 'podAction.wrongGrace' } : {}
  return wrong(untilH, MOST_UNTIL_H) ? { untilH: 'podAction.wrongUntil' } : {}
}

const number = (text: string) => (text.trim() === '' ? null : Number(text))

/** Each kind has its own: the API refuses those of another. */
export function parametersOf(kind: ActionKind, how: How): Parameters {
  if (isQuestion(kind)) {
    return { pid: how.pid, ...(kind === 'threads' ? { times: how.times } : {}) }
  }
  if (kind === 'heap_dump')
    return { pid: how.pid, isolate_first: how.isolateFirst, through_fifo: how.throughFifo }
  if (kind === 'jfr') {
    return { pid: how.pid, duration_s: how.durationS, settings: how.settings }
  }
  if (kind === 'isolate') return { order: how.order, until_h: number(how.untilH) }
  const force = how.way === 'delete' && how.force
  return { way: how.way, grace_period_s: number(how.graceS), force }
}
