// What is sent to accept and to dismiss advice, and which counts can't be.
import { api, bodyOf } from '@/api/client'
import type { Advice, Schemas } from '@/api/types'
import { MOST_REPLICAS, whole } from '@/features/operations/form'

type AcceptBody = Schemas['Accept']
type Item = AcceptBody['items'][number]

/** All of it, or none. */
export const accept = async (env: string, body: AcceptBody) =>
  bodyOf(await api.POST('/api/v1/envs/{env}/advice/accept', { params: { path: { env } }, body }))

export const dismiss = async (env: string, body: Schemas['Dismiss']) =>
  bodyOf(await api.POST('/api/v1/envs/{env}/advice/dismiss', { params: { path: { env } }, body }))

/** The counts of before come back, in the control table and in the cluster; resolves with what does that. */
export const rollBack = async (env: string, body: Schemas['RollBackItem']) =>
  bodyOf(await api.POST('/api/v1/envs/{env}/advice/rollback', { params: { path: { env } }, body }))

/** A count as it was typed; null where it is none, or less than disruptions need. */
export const countOf = (text: string, { replicas_available: least }: Advice): number | null =>
  whole(text, Math.max(1, least ?? 1), MOST_REPLICAS)

/** The advice with the counts as typed, by id; null as long as one can't be sent. */
export function itemsOf(
  advice: readonly Advice[],
  typed: Readonly<Record<string, string>>,
): Item[] | null {
  const items = advice.flatMap((one): Item[] => {
    const replicas = countOf(typed[one.id] ?? '', one)
    const { namespace, name, version, id: advice_id } = one
    return replicas === null
      ? []
      : [{ namespace, kind: 'Deployment', name, replicas, advice_id, version }]
  })
  return items.length === advice.length ? items : null
}
