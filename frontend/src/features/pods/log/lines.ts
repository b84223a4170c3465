// Lines of several pods' logs, interleaved by time; what each is worth. Pure.
import type { Schemas } from '@/api/types'
import { plainOf } from './escapes'

export const LEVELS = ['error', 'warning', 'info', 'debug'] as const
export type Level = (typeof LEVELS)[number]

export interface Line {
  /** Counts the lines of a view, in the order in which they came. */
  id: number
  pod: string
  at: string
  /** Microseconds since 1970; that of the line before where none is told. */
  us: number
  /** As it was written, escape sequences among it. */
  text: string
  plain: string
  level: Level | null
}

const MOST_AT_HEAD = 200
const STAMP = /^(.{19})(?:\.(\d{1,9}))?(Z|[+-]\d\d:\d\d)$/
/** klog's letter, a JSON or logfmt field, or the word itself near the line's head. */
const SIGNS: readonly [Level, RegExp][] = [
  ['error', /^[EF]\d{4} |\b(error|fatal|severe|critical|panic|emerg|crit|err)\b|exception:/i],
  ['warning', /^W\d{4} |\bwarn(ing)?\b/i],
  ['info', /^I\d{4} |\b(info|notice)\b/i],
  ['debug', /^D\d{4} |\b(debug|trace|fine(r|st)?)\b/i],
]
const FIELD = /["']?\b(?:level|lvl|severity)\b["']?\s*[:=]\s*["']?(\w+)/i
const GOES_ON = /^(\s+|Caused by:|\.\.\. \d+ more|Traceback |\})/

/** Microseconds since 1970: nodes write in zones of their own, with as many digits as they like. */
export function microseconds(at: string): number | null {
  const found = STAMP.exec(at)
  if (!found) return null
  const [, second, digits = '', zone] = found
  return Date.parse(`${second}${zone}`) * 1000 + Number(digits.padEnd(6, '0').slice(0, 6))
}

/** How bad a line is, by what it says of itself; a stack's lines are as bad as what they belong to. */
export function levelOf(plain: string, before: Level | null): Level | null {
  if (GOES_ON.test(plain)) return before
  const head = plain.slice(0, MOST_AT_HEAD)
  const said = FIELD.exec(plain)?.[1] ?? head
  return SIGNS.find(([, sign]) => sign.test(said))?.[0] ?? null
}

/** The lines that came together from a pod. `last` is the one before them, of the same pod. */
export function linesOf(
  pod: string,
  came: readonly Schemas['LogLine'][],
  firstId: number,
  last: Line | undefined,
): Line[] {
  let before = last
  return came.map(({ at, text, continued }, index) => {
    const plain = plainOf(text)
    const level = continued ? (before?.level ?? null) : levelOf(plain, before?.level ?? null)
    const us = microseconds(at) ?? before?.us ?? 0
    before = { id: firstId + index, pod, at, us, text, plain, level }
    return before
  })
}

/** Both in order of time, those of one moment as they came. Only what `added` goes between is moved. */
export function interleaved(lines: readonly Line[], added: readonly Line[]): readonly Line[] {
  const first = added[0]
  if (!first) return lines
  let from = lines.length
  while (from > 0 && (lines[from - 1]?.us ?? 0) > first.us) from--
  const moved = [...lines.slice(from), ...added].sort((a, b) => a.us - b.us || a.id - b.id)
  return [...lines.slice(0, from), ...moved]
}

/** Which lines a text or a level keeps; a level keeps what is worse, too, and an unknown one only where all are. */
export function kept(lines: readonly Line[], text: string, least: Level | ''): readonly Line[] {
  const wanted = text.toLowerCase()
  const worst = least === '' ? LEVELS.length : LEVELS.indexOf(least)
  if (wanted === '' && least === '') return lines
  return lines.filter(
    ({ plain, level }) =>
      (least === '' || (level !== null && LEVELS.indexOf(level) <= worst)) &&
      plain.toLowerCase().includes(wanted),
  )
}

/** A file of lines as they are shown: time, pod where there are several, text. */
export function fileOf(lines: readonly Line[]): string {
  const several = new Set(lines.map(({ pod }) => pod)).size > 1
  const written = ({ at, pod, plain }: Line) =>
    [at, several ? pod : '', plain].filter(Boolean).join(' ')
  return lines.map((line) => `${written(line)}\n`).join('')
}
