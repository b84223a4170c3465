// Requests, JVMs and score: what is drawn of them, what a score suggests, which columns are hidden at first.
import { expect, it, vi } from 'vitest'
import { figureLines } from '@/features/service/lines'
import { wayOf } from '@/features/score/remedy'
import { csvOf } from '@/features/services/export/csv'
import { tableOf } from '@/features/services/export/table'
import { rowOf } from '@/features/services/row'
import { decimalText } from '@/ui/units'
import { container, service } from './support/services'

vi.stubGlobal('window', {})
const { arrangedColumns, FIRST_COLUMNS } = await import('@/app/preferences')

const words = { total: 'all', hot: 'hot', latency: 'P95', gc: 'GC' }
const asked = {
  source: 'istio',
  qps_p95: 12,
  qps_max: 20,
  qps_hot_pod: null,
  requests: 9,
  errors: 0,
  error_pct: 0,
  latency_p50_ms: null,
  latency_p95_ms: null,
  latency_p99_ms: null,
  coverage: 1,
}

it('draws only what is known of requests and JVMs', () => {
  const days = ['2026-11-20', '2026-11-21']
  const found = figureLines(days, [{ date: '2026-11-21', ...asked }], [], words)
  expect(found).toEqual({ qps: [{ name: 'all', kind: 'use', values: [null, 12] }] })
})

const cart = service('cart', 4, [container('app', 100, 300, 400)])

it('makes a draft of what a score suggests, and a restart of what is governed already', () => {
  const to = (value: number, action: 'set_request' | 'set_limit' = 'set_request') =>
    wayOf(cart, { action, parameters: { container: 'app', resource: 'cpu', value } })
  const cell = { container: 'app', field: 'request_cpu_m' }
  expect(to(120.2)).toEqual({
    kind: 'edit',
    change: { ...cell, shown: 300, before: null, after: 121 },
  })
  expect(to(300)).toMatchObject({ kind: 'rollout' })
  expect(to(800, 'set_limit')).toMatchObject({ change: { field: 'limit_cpu_m', shown: 400 } })
  expect(wayOf(cart, { action: 'set_replicas', parameters: { value: 2 } })).toMatchObject({
    kind: 'edit',
    change: { container: null, field: 'replicas_manual', shown: 4, after: 2 },
  })
  expect(wayOf(cart, { action: 'spread_pods', parameters: {} })).toEqual({ kind: 'restart' })
  expect(wayOf(cart, { action: 'advice', parameters: {} })).toEqual({ kind: 'advice' })
  const gone = { container: 'gone', resource: 'cpu', value: 1 }
  expect(wayOf(cart, { action: 'set_request', parameters: gone })).toBeNull()
})

it('exports them, unknown as nothing', () => {
  const score = { score: 83.4, grade: 'B' as const, known_pct: 80 }
  const [head = [], known = [], unknown = []] = tableOf([rowOf({ ...cart, score }), rowOf(cart)])
  const at = (line: readonly unknown[], name: string) => line[head.indexOf(name)]
  expect([at(known, 'service.score'), at(known, 'service.grade')]).toEqual([83.4, 'B'])
  expect([at(unknown, 'service.score'), at(unknown, 'service.qps')]).toEqual([null, null])
  expect(csvOf([head])).toContain('service.latency')
})

it('hides columns that came since somebody arranged theirs, and those only', () => {
  const mine = { order: [], hidden: ['mode'], pinned: [] }
  expect(arrangedColumns({})).toBe(FIRST_COLUMNS)
  expect(arrangedColumns({ columns: mine }).hidden).toContain('qps')
  expect(arrangedColumns({ columns: mine }).hidden).not.toContain('cost')
  const offered = FIRST_COLUMNS.hidden
  expect(arrangedColumns({ columns: mine, offered }).hidden).toEqual(['mode'])
})

it.each([
  [0.347, '0.35'],
  [12.34, '12.3'],
  [1234.5, '1,235'],
  [4, '4'],
  [null, '–'],
])('writes %j as %j', (value, text) => expect(decimalText(value)).toBe(text))
