// Refusals in the console's own words.
import { expect, it } from 'vitest'
import { fieldText, problemText } from '@/api/words'

const MESSAGES: Record<string, string> = {
  'problem.not_found': 'NF {detail}',
  'problem.forbidden': 'NO {detail}',
  'problem.forbidden_by': 'NEEDS {by}',
  'problem.field_missing': 'needed',
  'problem.field_greater_than_equal': 'from {value}',
}
const words = {
  te: (key: string) => key in MESSAGES,
  t: (key: string, named: Record<string, unknown>) =>
    (MESSAGES[key] ?? '').replaceAll(/\{(\w+)\}/g, (_, name: string) => String(named[name])),
}

it('says what is wrong with a field, with its limit', () => {
  const field = { field: 'replicas', reason: 'Input should be', code: 'greater_than_equal' }
  expect(fieldText({ ...field, parameters: { ge: 0 } }, words)).toBe('from 0')
  expect(fieldText({ ...field, code: 'odd' }, words)).toBe('Input should be')
  expect(fieldText({ field: 'a', reason: 'because' }, words)).toBe('because')
})

it('names the fields where all of them can be said', () => {
  const errors = [
    { field: 'a', reason: 'x', code: 'missing' },
    { field: 'b', reason: 'y', code: 'greater_than_equal', parameters: { ge: 1 } },
  ]
  expect(problemText({ code: 'invalid', detail: 'd', errors }, words)).toBe('a: needed · b: from 1')
  const odd = [...errors, { field: 'c', reason: 'z' }]
  expect(problemText({ code: 'invalid', detail: 'd', errors: odd }, words)).toBe('d')
})

it('says what it is, with the sentence of the API or who it is about', () => {
  expect(problemText({ code: 'not_found', detail: 'cart' }, words)).toBe('NF cart')
  expect(problemText({ code: 'forbidden', detail: 'd' }, words)).toBe('NO d')
  const role = { role: 'operator' }
  expect(problemText({ code: 'forbidden', detail: 'd', parameters: role }, words)).toBe(
    'NEEDS operator',
  )
  expect(problemText({ code: 'teapot', detail: 'd' }, words)).toBe('d')
  expect(problemText({}, words)).toBe('')
})
