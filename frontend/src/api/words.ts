// A refusal in the words of the console's language, from its codes; the API's own words where it has no other.
import type { FieldProblem, ProblemDocument } from './errors'
import { NAME_WORDS } from './names'

interface Words {
  te: (key: string) => boolean
  t: (key: string, named: Record<string, unknown>) => string
}

type Parameters = NonNullable<ProblemDocument['parameters']>

const SHOWN = 3
/** Parameters by which a code is told with more, the most telling first: where, by whom, what is away. */
const MORE = { namespace: 'in_namespace', env: 'in_env', by: 'by', role: 'by', part: 'part' }

type Value = string | number | readonly (string | number)[] | undefined

const written = (value: Value) => (Array.isArray(value) ? value.join(', ') : String(value ?? ''))
const named = (parameters: Parameters) =>
  Object.fromEntries(Object.entries(parameters).map(([name, value]) => [name, written(value)]))

/** What is wrong with one field. */
export function fieldText({ code, parameters = {}, reason }: FieldProblem, { te, t }: Words) {
  // A limit is called by its kind (ge, lt, max_length): the words know it as the value.
  const [value] = Object.values(parameters)
  const name = NAME_WORDS[written(value)]
  if (name !== undefined && te(`problem.${name}`)) return t(`problem.${name}`, {})
  const key = `problem.field_${code ?? ''}`
  if (code === undefined || !te(key)) return reason
  return t(key, { reason, value: written(value), ...named(parameters) })
}

/** A whole refusal: its fields where all of them can be said, else what it is, with the API's sentence. */
export function problemText(problem: ProblemDocument, words: Words): string {
  const { code = '', detail = '', errors = [], parameters = {} } = problem
  const known = errors.filter((one) => words.te(`problem.field_${one.code ?? ''}`))
  if (known.length > 0 && known.length === errors.length) {
    const lines = known.slice(0, SHOWN).map((one) => `${one.field}: ${fieldText(one, words)}`)
    return lines.join(' · ') + (known.length > SHOWN ? ' …' : '')
  }
  const key = keyOf(code, parameters, words)
  return key === null || detail === '' ? detail : words.t(key, { detail, ...named(parameters) })
}

/** The key of what tells the most; null where the API's own sentence has to do. */
function keyOf(code: string, parameters: Parameters, { te }: Words): string | null {
  const more = Object.entries(MORE).flatMap(([name, ending]) =>
    (parameters[name] ?? null) === null ? [] : [ending],
  )
  // Why a part can't answer, such as `disk_full`, has words of its own.
  const why = parameters['condition'] === undefined ? [] : [written(parameters['condition'])]
  const keys = [...[...why, ...more].map((one) => `problem.${code}_${one}`), `problem.${code}`]
  return keys.find((key) => code !== '' && te(key)) ?? null
}
