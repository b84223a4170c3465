// Where the checks that a model chose lead: to our own pages and dialogs, by the finding alone.
import { expect, it } from 'vitest'
import type { Finding } from '@/api/types'
import { wayOf } from '@/features/now/checks'

const finding = {
  object: 'Deployment',
  namespace: 'shop',
  name: 'cart',
  container: 'app',
  pods: ['cart-1', 'cart-2'],
} as Finding
const may = { logs: null, diagnose: null, dump: null, delete: null, isolate: null, exec: null }
const service = { name: 'service', params: { env: 'east', namespace: 'shop', name: 'cart' } }

it('opens the log of the first pod, also of the run before', () => {
  const params = { env: 'east', namespace: 'shop' }
  const query = { pod: ['cart-1'], service: 'cart', container: 'app' }
  expect(wayOf('logs', 'east', finding, may)).toEqual({ to: { name: 'log', params, query } })
  expect(wayOf('previous_logs', 'east', finding, may)).toEqual({
    to: { name: 'log', params, query: { ...query, previous: 'true' } },
  })
})

it.each(['threads', 'heap_info', 'histogram'] as const)('asks a JVM for %s', (question) =>
  expect(wayOf(question, 'east', finding, may)).toEqual({
    act: 'diagnose',
    pods: ['cart-1'],
    question,
  }),
)

it('opens the dialog that isolates, and the pages of the service and the nodes', () => {
  expect(wayOf('isolate', 'east', finding, may)).toEqual({ act: 'isolate', pods: ['cart-1'] })
  expect(wayOf('node', 'east', finding, may)).toEqual({
    to: { name: 'nodes', query: { env: 'east' } },
  })
  for (const [check, view] of [
    ['compare_revisions', 'history'],
    ['rollback', 'operations'],
    ['traffic', 'overview'],
    ['raise_memory_limit', 'overview'],
  ] as const)
    expect(wayOf(check, 'east', finding, may)).toEqual({ to: { ...service, query: { view } } })
})

it('opens nothing without the right, without a pod, or where a workload has no page', () => {
  for (const check of ['logs', 'threads', 'isolate'] as const) {
    expect(wayOf(check, 'east', finding, undefined)).toBeNull()
    expect(
      wayOf(check, 'east', finding, { ...may, logs: 'off', diagnose: 'right', isolate: 'off' }),
    ).toBeNull()
    expect(wayOf(check, 'east', { ...finding, pods: [] }, may)).toBeNull()
  }
  expect(wayOf('rollback', 'east', { ...finding, object: 'DaemonSet' }, may)).toBeNull()
})
