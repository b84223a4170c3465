// Services as rows, and the cluster's totals from them.
import { describe, expect, it } from 'vitest'
import type { Container, Service } from '@/api/types'
import { byNamespace, flagCounts, topOf, totalsOf, wasteOf } from '@/features/overview/totals'
import { filtered, podBullet, rowOf } from '@/features/services/row'

const none = { request_cpu_m: null, limit_cpu_m: null, request_mem_mib: null, limit_mem_mib: null }

function container(
  name: string,
  used: number | null,
  request: number | null,
  limit: number | null,
) {
  const values = { ...none, request_cpu_m: request, limit_cpu_m: limit }
  const peak = {
    ...values,
    p95_cpu_m: used,
    p95_cpu_hot_m: used,
    p95_mem_mib: null,
    p95_mem_hot_mib: null,
    max_mem_mib: null,
    cpu_pct: null,
    mem_pct: null,
    oom_kills: null,
    throttled_pct: null,
    coverage: 1,
  }
  return { name, effective: values, expert: none, derived: values, peak } satisfies Container
}

function service(
  deployment: string,
  pods: number | null,
  containers: Container[],
  flags: string[] = [],
) {
  const at = '2026-11-20T10:00:00.000Z'
  return {
    env: 'e',
    namespace: deployment.startsWith('pay') ? 'payments' : 'orders',
    deployment,
    version: '0',
    updated_at: at,
    updated_by: '',
    replicas: {
      effective: pods,
      source: null,
      manual: null,
      ai: null,
      observed: pods,
      initial: null,
    },
    replicas_policy: 'fixed',
    mode: null,
    note: '',
    flags,
    containers,
    peak: { date: '2026-11-20', pod_count: pods, window_start: at, window_end: at },
    provenance: {
      peak_date_cpu: null,
      peak_date_mem: null,
      peak_pods_cpu: null,
      peak_pods_mem: null,
      coverage_cpu: null,
      coverage_mem: null,
      window_cpu: '',
      window_mem: '',
      first_seen: null,
      last_seen: null,
    },
  } satisfies Service
}

const cart = service(
  'cart',
  4,
  [container('app', 100, 300, 400), container('envoy', 20, 50, null)],
  ['a'],
)
const payout = service('payout', 2, [container('app', 200, 100, 300)], ['a', 'b'])
const dark = service('dark', null, [container('app', null, null, null)])
const rows = [cart, payout, dark].map(rowOf)

describe('a row', () => {
  it('adds the containers of a pod; one without a limit makes the pod unlimited', () =>
    expect(podBullet(cart, 'cpu')).toEqual({ used: 120, request: 350, limit: null }))
  it('leaves unknown unknown', () =>
    expect(podBullet(dark, 'cpu')).toEqual({ used: null, request: null, limit: null }))
  it('is found by every word, in any case, also by a container', () => {
    const found = (q: string) =>
      filtered(rows, { q, namespace: '', flag: '' }).map((row) => row.service.deployment)
    expect(found('ENVOY orders')).toEqual(['cart'])
    expect(found('pay')).toEqual(['payout'])
    expect(found('cart payout')).toEqual([])
    expect(found('  ')).toHaveLength(3)
  })
  it('is found by namespace and flag', () => {
    expect(filtered(rows, { q: '', namespace: 'payments', flag: 'b' })).toHaveLength(1)
    expect(filtered(rows, { q: '', namespace: 'orders', flag: 'b' })).toHaveLength(0)
  })
})

describe('totals', () => {
  it('multiply by pods and count what is known', () => {
    const totals = totalsOf(rows)
    expect(totals.services).toBe(3)
    expect(totals.pods).toBe(6)
    expect(totals.cpu).toEqual({ used: 880, request: 1600, limit: 600, waste: 920 })
  })
  it('never count less than nothing as waste', () => {
    expect(rows.map((row) => wasteOf(row, 'cpu'))).toEqual([920, 0, null])
  })
  it('rank without what is unknown or nothing', () =>
    expect(topOf(rows, (row) => wasteOf(row, 'cpu')).map(({ value }) => value)).toEqual([920]))
  it('count flags and group namespaces', () => {
    expect(flagCounts(rows)).toEqual([
      { flag: 'a', count: 2 },
      { flag: 'b', count: 1 },
    ])
    expect([...byNamespace(rows).keys()]).toEqual(['orders', 'payments'])
  })
})
