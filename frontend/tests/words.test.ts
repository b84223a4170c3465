// Refusals in the console's own words.
import { readFileSync } from 'node:fs'
import { expect, it } from 'vitest'
import { fieldText, problemText } from '@/api/words'

const MESSAGES: Record<string, string> = {
  'problem.not_found': 'NF {detail}',
  'problem.forbidden': 'NO {detail}',
  'problem.forbidden_by': 'NEEDS {role}',
  'problem.forbidden_in_env': 'NEEDS {role} FOR {env}',
  'problem.forbidden_in_namespace': 'NEEDS {role} IN {namespace}',
  'problem.no_service': '{namespace}/{name} is none',
  'problem.field_one_of': 'one of {fields}',
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
  const refused = (parameters: Record<string, string | null>) =>
    problemText({ code: 'forbidden', detail: 'd', parameters: parameters as never }, words)
  expect(refused({ ...role, env: null, namespace: null })).toBe('NEEDS operator')
  expect(refused({ ...role, env: 'east', namespace: null })).toBe('NEEDS operator FOR east')
  expect(refused({ ...role, env: 'east', namespace: 'shop' })).toBe('NEEDS operator IN shop')
  expect(problemText({ code: 'teapot', detail: 'd' }, words)).toBe('d')
  expect(problemText({}, words)).toBe('')
})

it('names what it is about', () => {
  const parameters = { namespace: 'orders', name: 'cart' }
  expect(problemText({ code: 'no_service', detail: 'd', parameters }, words)).toBe(
    'orders/cart is none',
  )
  const fields = { fields: ['until', 'for_s'] }
  const field = { field: 'for_s', reason: 'give either', code: 'one_of', parameters: fields }
  expect(fieldText(field, words)).toBe('one of until, for_s')
})

const read = (path: string) =>
  JSON.parse(readFileSync(new URL(path, import.meta.url), 'utf8')) as Record<string, unknown>
interface Document {
  components: { schemas: Record<string, { enum?: string[]; properties?: Properties }> }
}
type Property = {
  enum?: string[]
  anyOf?: { enum?: string[] }[]
  items?: { enum?: string[] }
}
type Properties = Record<string, Property>
const { components } = read('../../docs/openapi.json') as unknown as Document
const codes = (schema: string) => components.schemas[schema]?.enum ?? []

it.each(['en', 'zh-CN'])('has words for every code of the API in %s', (language) => {
  const messages = read(`../src/i18n/${language}/problem.json`)
  const wanted = [...codes('ProblemCode'), ...codes('FieldCode').map((code) => `field_${code}`)]
  expect(wanted.length).toBeGreaterThan(80)
  expect(wanted.filter((key) => typeof messages[key] !== 'string')).toEqual([])
})

it.each(['en', 'zh-CN'])('has words for every note of admission in %s', (language) => {
  const messages = read(`../src/i18n/${language}/note.json`)
  expect(codes('NoteCode').length).toBeGreaterThan(10)
  expect(codes('NoteCode').filter((key) => typeof messages[key] !== 'string')).toEqual([])
})

it.each(['en', 'zh-CN'])('has words for every note of operations in %s', (language) => {
  const messages = read(`../src/i18n/${language}/operationNote.json`)
  const wanted = components.schemas['OperationNote']?.properties?.['code']?.enum ?? []
  expect(wanted.length).toBeGreaterThan(50)
  expect(wanted.filter((key) => typeof messages[key] !== 'string')).toEqual([])
})

/** What the API says in one word elsewhere, and where its words are. */
const WORDS: [schema: string, property: string, file: string, prefix: string][] = [
  ['Capacity', 'reason', 'overview', 'free_'],
  ['Hook', 'state', 'admission', 'hook_'],
  ['Hook', 'reason', 'admission', 'hook_'],
  ['TargetResult', 'reason', 'operations', 'reason_'],
  ['LeftOut', 'reason', 'leftOut', 'reason_'],
  ['LeftOut', 'reason', 'leftOut', 'way_'],
  ['Deduction', 'rule', 'score', 'rule_'],
  ['AdviceBound', 'text_code', 'savings', 'bound_'],
  ['AdviceBound', 'name', 'savings', 'name_'],
  ['Advice', 'not_because', 'savings', 'reason_'],
  ['Advice', 'verdict', 'savings', 'verdict_'],
  ['Deduction', 'part', 'score', 'part_'],
  ['Unknown', 'traffic', 'figures', 'traffic_'],
  ['Unknown', 'jvm', 'figures', 'jvm_'],
  ['Unknown', 'score', 'figures', 'score_'],
]

it.each(WORDS)('has words for every %s.%s', (schema, property, file, prefix) => {
  const told = components.schemas[schema]?.properties?.[property]
  const values = [told ?? {}, told?.items ?? {}, ...(told?.anyOf ?? [])].flatMap(
    (one) => one.enum ?? [],
  )
  expect(values.length).toBeGreaterThan(1)
  for (const language of ['en', 'zh-CN']) {
    const messages = read(`../src/i18n/${language}/${file}.json`)
    const missing = values.filter((one) => one !== '' && messages[prefix + one] === undefined)
    expect(missing).toEqual([])
  }
})
