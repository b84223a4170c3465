// A refusal in the words of the console's language, from its codes; the API's own words where it has no other.
import type { FieldProblem, ProblemDocument } from './errors'

interface Words {
  te: (key: string) => boolean
  t: (key: string, named: Record<string, unknown>) => string
}

const SHOWN = 3

/** What is wrong with one field. */
export function fieldText({ code, parameters, reason }: FieldProblem, { te, t }: Words): string {
  const key = `problem.field_${code ?? ''}`
  // A limit is called by its kind (ge, lt, max_length): the words know it as the value.
  const [value] = Object.values(parameters ?? {})
  return code !== undefined && te(key) ? t(key, { value: String(value ?? '') }) : reason
}

/** A whole refusal: its fields where all of them can be said, else what it is, with the API's sentence. */
export function problemText(problem: ProblemDocument, words: Words): string {
  const { code, detail = '', errors = [], parameters = {} } = problem
  const known = errors.filter((one) => words.te(`problem.field_${one.code ?? ''}`))
  if (known.length > 0 && known.length === errors.length) {
    const lines = known.slice(0, SHOWN).map((one) => `${one.field}: ${fieldText(one, words)}`)
    return lines.join(' · ') + (known.length > SHOWN ? ' …' : '')
  }
  const by = parameters['by'] ?? parameters['role']
  const special = by !== undefined && words.te(`problem.${code ?? ''}_by`)
  const key = special ? `problem.${code ?? ''}_by` : `problem.${code ?? ''}`
  if (code === undefined || detail === '' || !words.te(key)) return detail
  return words.t(key, { detail, by: String(by ?? '') })
}
