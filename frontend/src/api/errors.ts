// What can go wrong with a request, told apart: no answer, a refusal, somebody else was first.

export interface FieldProblem {
  field: string
  reason: string
  code?: string
  parameters?: Record<string, string | number | string[]>
}

/** RFC 9457, as the API sends it. */
export interface ProblemDocument {
  title?: string
  detail?: string
  status?: number
  /** What it is, for machines; `parameters` say what it is about. */
  code?: string
  parameters?: Record<string, string | number | string[]>
  errors?: FieldProblem[]
  [extension: string]: unknown
}

/** Nobody answered, or only the proxy did: nothing is known about the data. */
export class AwayError extends Error {
  override name = 'AwayError'
}

/** The API answered, and refused. */
export class RefusedError extends Error {
  override name = 'RefusedError'
  constructor(
    readonly status: number,
    readonly problem: ProblemDocument,
  ) {
    super(problem.detail ?? problem.title ?? `HTTP ${status}`)
  }

  /** What is wrong with which field of the request, where the API says so. */
  get fields(): FieldProblem[] {
    return this.problem.errors ?? []
  }
}

/** 412: the row was changed by somebody else since it was read. */
export class StaleError extends RefusedError {
  override name = 'StaleError'
}
