// What is sent to accept and to dismiss advice, and which counts can't be. Pure but for the two requests.
import { api, bodyOf } from '@/api/client'
import type { Advice, OperationDetail } from '@/api/types'
import { MOST_REPLICAS, whole } from '@/features/operations/form'

export interface AcceptBody {
  items: { namespace: string; name: string; replicas: number; advice_id: string; version: string }[]
  how: 'control' | 'now'
  pause_s: number
  wait_rollout: boolean
  stop_on_error: boolean
  rollback_on_failure: boolean
}

interface AcceptResult {
  items: { namespace: string; name: string; replicas_before: number | null }[]
  version: string | null
  operation: OperationDetail | null
}

export interface DismissBody {
  items: { namespace: string; name: string; advice_id: string }[]
  until: string
  reason: string
}

type Post = (
  path: string,
  asked: { params: { path: { env: string } }; body: unknown },
) => Promise<{ data?: unknown }>
const post = api.POST as unknown as Post
const params = (env: string) => ({ path: { env } })

export const accept = async (env: string, body: AcceptBody) =>
  bodyOf(
    await post('/api/v1/envs/{env}/advice/accept', { params: params(env), body }),
  ) as AcceptResult

export const dismiss = async (env: string, body: DismissBody) =>
  bodyOf(await post('/api/v1/envs/{env}/advice/dismiss', { params: params(env), body }))

/** A count as it was typed; null where it is none, or less than disruptions need. */
export const countOf = (text: string, { replicas_available: least }: Advice): number | null =>
  whole(text, Math.max(1, least ?? 1), MOST_REPLICAS)

/** The advice with the counts as typed, by id; null as long as one can't be sent. */
export function itemsOf(
  advice: readonly Advice[],
  typed: Readonly<Record<string, string>>,
): AcceptBody['items'] | null {
  const items = advice.map((one) => ({
    namespace: one.namespace,
    name: one.name,
    replicas: countOf(typed[one.id] ?? '', one) ?? -1,
    advice_id: one.id,
    version: one.version,
  }))
  return items.some(({ replicas }) => replicas < 0) ? null : items
}
