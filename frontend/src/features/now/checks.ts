// Where a check that a model chose leads: to our own page or dialog, with nothing of the model's. Pure.
import type { RouteLocationRaw } from 'vue-router'
import type { Finding, Schemas } from '@/api/types'
import type { Against, Shown } from '@/features/pods/may'
import type { Act, How } from '@/features/pods/parameters'

export type Check = Schemas['AiAnswer']['checks'][number]
/** A page, or a dialog of an action on a pod, which has its own preview, rights and typed name. */
export type Way =
  { to: RouteLocationRaw } | { act: Act; pods: string[]; question?: How['question'] }
type May = Record<Shown, Against | null> | undefined

const VIEW: Partial<Record<Check, string>> = {
  compare_revisions: 'history',
  traffic: 'overview',
  raise_memory_limit: 'overview',
  rollback: 'operations',
}
const QUESTIONS = ['threads', 'heap_info', 'histogram'] as const

/** Null where nothing of ours can be opened: no right, no pod, or no page of such a workload. */
export function wayOf(check: Check, env: string, finding: Finding, may: May): Way | null {
  const { object, namespace, name, container, pods } = finding
  const view = VIEW[check]
  if (view !== undefined)
    return object === 'Deployment'
      ? { to: { name: 'service', params: { env, namespace, name }, query: { view } } }
      : null
  if (check === 'node') return { to: { name: 'nodes', query: { env } } }
  const [pod] = pods
  if (pod === undefined) return null
  if (check === 'logs' || check === 'previous_logs') {
    const previous = check === 'previous_logs' ? { previous: 'true' } : {}
    const query = { pod: [pod], service: name, ...(container ? { container } : {}), ...previous }
    return may?.logs === null ? { to: { name: 'log', params: { env, namespace }, query } } : null
  }
  const question = QUESTIONS.find((one) => one === check)
  if (question !== undefined)
    return may?.diagnose === null ? { act: 'diagnose', pods: [pod], question } : null
  return may?.isolate === null ? { act: 'isolate', pods: [pod] } : null
}
