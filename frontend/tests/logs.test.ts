// Logs: order across pods, levels, escape sequences, filter, what the address asks for.
import { describe, expect, it } from 'vitest'
import { askedOf, placeOf } from '@/features/pods/log/address'
import { hueOf, piecesOf, plainOf } from '@/features/pods/log/escapes'
import {
  fileOf,
  interleaved,
  kept,
  levelOf,
  linesOf,
  microseconds,
} from '@/features/pods/log/lines'

const ESC = '\u001b'
const came = (at: string, text: string, continued = false) => ({ at, text, continued })
const at = (second: string) => `2026-01-01T10:00:${second}`
const texts = (lines: readonly { text: string }[]) => lines.map(({ text }) => text)

describe('order', () => {
  it('reads any number of digits and any zone', () => {
    const whole = microseconds(at('00Z')) ?? 0
    expect(microseconds(at('00.5Z'))).toBe(whole + 500_000)
    expect(microseconds(at('00.123456789Z'))).toBe(whole + 123_456)
    expect(microseconds('2026-01-01T18:00:00+08:00')).toBe(whole)
    expect(microseconds('yesterday')).toBeNull()
  })

  it('puts what comes late where its time is, and keeps what one moment brought in order', () => {
    const a = linesOf('a', [came(at('01Z'), 'a1'), came(at('03Z'), 'a3')], 0, undefined)
    const b = linesOf('b', [came(at('02.5Z'), 'b2'), came(at('03Z'), 'b3')], 2, undefined)
    expect(texts(interleaved(a, b))).toEqual(['a1', 'b2', 'a3', 'b3'])
    expect(texts(interleaved(b, a))).toEqual(['a1', 'b2', 'a3', 'b3'])
    expect(interleaved(a, [])).toBe(a)
  })

  it('keeps a line without a time behind the one before it', () => {
    const first = linesOf('a', [came(at('05Z'), 'head'), came('', 'tail')], 0, undefined)
    const other = linesOf('b', [came(at('06Z'), 'later')], 2, undefined)
    expect(texts(interleaved(other, first))).toEqual(['head', 'tail', 'later'])
    const [next] = linesOf('a', [came('', 'more')], 3, first[1])
    expect(next?.us).toBe(first[0]?.us)
  })
})

describe('levels', () => {
  it.each([
    ['2026-01-01 10:00:00 ERROR [main] no room', 'error'],
    ['E0101 10:00:00.000 1 server.go:12] refused', 'error'],
    ['{"level":"warn","msg":"an error was seen before"}', 'warning'],
    ['time=x level=info msg="no error"', 'info'],
    ['java.lang.IllegalStateException: closed', 'error'],
    ['WARNING: deprecated', 'warning'],
    ['[DEBUG] asked', 'debug'],
    ['listening on 8080', null],
    ['the terror of the informant', null],
  ])('%s', (text, level) => {
    expect(levelOf(text, null)).toBe(level)
  })

  it('gives a stack and the pieces of a long line the level of what they belong to', () => {
    const stack = ['ERROR broken', '\tat shop.Cart.pay(Cart.java:7)', 'Caused by: info', 'INFO on']
    const lines = linesOf(
      'a',
      stack.map((text) => came(at('01Z'), text)),
      0,
      undefined,
    )
    expect(lines.map(({ level }) => level)).toEqual(['error', 'error', 'error', 'info'])
    const [piece] = linesOf('a', [came(at('01Z'), 'warn', true)], 4, lines[2])
    expect(piece?.level).toBe('error')
  })
})

describe('escape sequences', () => {
  it('drops all but colours, and every control character', () => {
    const hostile = `${ESC}]8;;http://x${ESC}\\link${ESC}]8;;${ESC}\\ ${ESC}[2J${ESC}[31mred\u0007\r`
    expect(plainOf(hostile)).toBe('link red')
    expect(piecesOf(hostile, '').map(({ text, hue }) => [text, hue])).toEqual([
      ['link ', ''],
      ['red', 'red'],
    ])
  })

  it('brings colours of every kind to those of the theme', () => {
    const hues = ['31', '92', '38;5;208', '38;2;10;20;250', '90', '37']
    const found = hues.map((code) => piecesOf(`${ESC}[${code}mx`, '')[0]?.hue)
    expect(found).toEqual(['red', 'green', 'yellow', 'blue', 'grey', ''])
    expect(hueOf(null)).toBe('')
  })

  it('marks what is looked for, whatever its case, and loses no letter', () => {
    const pieces = piecesOf(`a ${ESC}[1mERROR${ESC}[0m, an error`, 'Error')
    expect(pieces.filter(({ hit }) => hit).map(({ text }) => text)).toEqual(['ERROR', 'error'])
    expect(pieces.map(({ text }) => text).join('')).toBe('a ERROR, an error')
    expect(pieces.find(({ hit }) => hit)?.bold).toBe(true)
  })

  it('shows markup as text', () => {
    expect(piecesOf('<img src=x>', '')[0]?.text).toBe('<img src=x>')
  })
})

describe('what is shown and kept', () => {
  const lines = linesOf(
    'a',
    ['ERROR one', 'WARN two', 'INFO one', 'plain'].map((text) => came(at('01Z'), text)),
    0,
    undefined,
  )

  it('filters by text and by a level and worse', () => {
    expect(texts(kept(lines, 'ONE', ''))).toEqual(['ERROR one', 'INFO one'])
    expect(texts(kept(lines, '', 'warning'))).toEqual(['ERROR one', 'WARN two'])
    expect(kept(lines, '', '')).toBe(lines)
  })

  it('writes a file without escapes, with the pod where there are several', () => {
    expect(fileOf(lines.slice(3))).toBe(`${at('01Z')} plain\n`)
    const b = linesOf('b', [came(at('02Z'), `${ESC}[31mred`)], 9, undefined)
    expect(fileOf([...lines.slice(3), ...b])).toBe(`${at('01Z')} a plain\n${at('02Z')} b red\n`)
  })
})

describe('the address', () => {
  it('reads at most four pods, and names the others', () => {
    const place = placeOf({ pod: ['a', 'b', 'c', 'd', 'e'] })
    expect([place.pods, place.over]).toEqual([['a', 'b', 'c', 'd'], ['e']])
  })

  it('follows the last thousand lines at first, and never what has ended', () => {
    expect(askedOf(placeOf({ pod: 'a' }))).toEqual({
      previous: false,
      tail: 1000,
      since: null,
      follow: true,
    })
    expect(askedOf(placeOf({ pod: 'a', previous: 'true' })).follow).toBe(false)
    const hour = askedOf(placeOf({ pod: 'a', since: '3600', container: 'app', tail: 'x' }))
    expect(hour).toMatchObject({ tail: null, since: 3600, container: 'app' })
  })
})
