// What each version of the expert's row changed.
import { expect, it } from 'vitest'
import type { Revision } from '@/api/types'
import { changesOfRestoring, revisionChanges } from '@/features/service/revisions'
import { container, service } from './support/services'

const none = { request_cpu_m: null, limit_cpu_m: null, request_mem_mib: null, limit_mem_mib: null }

function revision(version: string, over: Partial<Revision>): Revision {
  return {
    version,
    updated_at: '2026-11-20T10:00:00.000Z',
    updated_by: 'li.wei',
    removed: false,
    replicas_manual: null,
    replicas_ai: null,
    advice_id: '',
    replicas_policy: 'as_found',
    mode: null,
    note: '',
    containers: [],
    ...over,
  }
}

it('tells what differs from the version before, and of the first from nothing', () => {
  const rows = revisionChanges([
    revision('3', { replicas_manual: 4, containers: [{ name: 'app', ...none, limit_cpu_m: 200 }] }),
    revision('2', { replicas_manual: 4 }),
    revision('1', { note: 'new' }),
  ])
  expect(rows.map(({ changes }) => changes)).toEqual([
    [{ container: 'app', field: 'limit_cpu_m', before: null, after: 200 }],
    [
      { container: null, field: 'replicas_manual', before: null, after: 4 },
      { container: null, field: 'note', before: 'new', after: '' },
    ],
    [{ container: null, field: 'note', before: '', after: 'new' }],
  ])
})

it('compares with nothing after a removal', () => {
  const rows = revisionChanges([
    revision('2', { replicas_manual: 4 }),
    revision('1', { removed: true, replicas_manual: 4 }),
  ])
  expect(rows[0]?.changes).toEqual([
    { container: null, field: 'replicas_manual', before: null, after: 4 },
  ])
})

it('tells what going back would change of what holds now', () => {
  const now = service('cart', 2, [{ ...container('app', 1, 2, 3), expert: none }])
  const edited = { ...now, replicas: { ...now.replicas, manual: 8 } }
  expect(changesOfRestoring(edited, revision('1', { replicas_manual: 4 }))).toEqual([
    { container: null, field: 'replicas_manual', before: 8, after: 4 },
  ])
  expect(changesOfRestoring(now, revision('1', {}))).toEqual([])
})
