// What is governed in a namespace, as a file for Git.
import { api, bodyOf } from '@/api/client'
import type { operations } from '@/api/schema'

type Query = NonNullable<operations['exportGoverned']['parameters']['query']>
export type GitFormat = NonNullable<Query['format']>

/** The text of the file. */
export async function fetchGoverned(env: string, namespace: string, format: GitFormat) {
  const params = { path: { env, namespace }, query: { format } }
  return bodyOf(
    await api.GET('/api/v1/envs/{env}/namespaces/{namespace}/governed', {
      params,
      parseAs: 'text',
    }),
  )
}
