// The typed client of the API. Every failure becomes one of the errors of ./errors.
import createClient from 'openapi-fetch'
import { i18n } from '@/i18n'
import { AwayError, RefusedError, StaleError, type ProblemDocument } from './errors'
import type { paths } from './schema'
import { fieldText, problemText } from './words'

const GATEWAY = new Set([502, 503, 504])
const UNAUTHORIZED = 401
const PRECONDITION_FAILED = 412
const RELOADED_AT = 'kubedoor.reloadedAt'
const RELOAD_PAUSE_MS = 30_000

async function problemOf(response: Response): Promise<ProblemDocument> {
  const type = response.headers.get('content-type') ?? ''
  if (!type.includes('json')) return { status: response.status, title: response.statusText }
  return inWords((await response.clone().json()) as ProblemDocument)
}

/** The document with its sentences in the language of the console. */
function inWords(problem: ProblemDocument): ProblemDocument {
  const errors = problem.errors?.map((one) => ({ ...one, reason: fieldText(one, i18n.global) }))
  return { ...problem, detail: problemText(problem, i18n.global), errors }
}

/** nginx signs people in; after a 401 a reload makes the browser ask again, at most now and then. */
function signInAgain() {
  const last = Number(sessionStorage.getItem(RELOADED_AT) ?? 0)
  if (Date.now() - last < RELOAD_PAUSE_MS) return
  sessionStorage.setItem(RELOADED_AT, String(Date.now()))
  window.location.reload()
}

export const api = createClient<paths>({ baseUrl: window.location.origin })

api.use({
  onError: () => new AwayError(),
  async onResponse({ response }) {
    if (response.ok) return
    const problem = await problemOf(response)
    if (response.status === UNAUTHORIZED) signInAgain()
    if (GATEWAY.has(response.status)) throw new AwayError(problem.detail)
    if (response.status === PRECONDITION_FAILED) throw new StaleError(response.status, problem)
    throw new RefusedError(response.status, problem)
  },
})

/** The body of an answer; a failed request has thrown before. */
export function bodyOf<T>({ data }: { data?: T }): T {
  if (data === undefined) throw new AwayError()
  return data
}
