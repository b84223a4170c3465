// Services as rows, and the cluster's totals from them.
import { describe, expect, it } from 'vitest'
import {
  costOfRow,
  costsOf,
  flagCounts,
  grouped,
  projectionOf,
  topOf,
  totalsOf,
  wasteOf,
} from '@/features/overview/totals'
import {
  filtered,
  labeled,
  NO_FILTER,
  podBullet,
  ratioOf,
  rowOf,
  shownBullet,
  shownPodBullet,
} from '@/features/services/row'
import { container, service } from './support/services'

const cart = service(
  'cart',
  4,
  [container('app', 100, 300, 400), container('envoy', 20, 50, null)],
  ['hot_pod'],
)
const payout = service('payout', 2, [container('app', 200, 100, 300)], ['hot_pod', 'throttled'])
const dark = service('dark', null, [container('app', null, null, null)])
const rows = [cart, payout, dark].map(rowOf)

describe('a row', () => {
  it('adds the containers of a pod; one without a limit makes the pod unlimited', () =>
    expect(podBullet(cart, 'cpu')).toEqual({ used: 120, request: 350, limit: null }))
  it('leaves unknown unknown', () =>
    expect(podBullet(dark, 'cpu')).toEqual({ used: null, request: null, limit: null }))
  it('does not take what is governed for what it runs with', () => {
    const governed = { ...container('app', 100, 300, 400), peak: null }
    expect(podBullet(service('new', 1, [governed]), 'cpu').request).toBeNull()
  })
  it('says by how much it runs with more or less than it uses, of the worst container', () => {
    const words = (flag: string, of: typeof cart) => ratioOf(of, flag)
    expect(words('over_requested_cpu', cart)).toEqual({ words: 'flag.over_by_cpu', times: 3 })
    expect(words('under_requested_cpu', payout)).toEqual({ words: 'flag.under_by_cpu', times: 2 })
    expect(words('over_requested_cpu', dark)).toBeNull()
    expect(words('throttled', cart)).toBeNull()
  })
  it('shows its use against the limit that stands beside it, also while that is edited', () => {
    const key = { env: 'e', namespace: 'payments', name: 'payout' }
    const change = { container: 'app', field: 'limit_cpu_m', shown: 300, before: null } as const
    const edited = (after: number | null) => ({
      service: key,
      version: '0',
      changes: [{ ...change, after }],
    })
    const row = rowOf(payout)
    expect(shownPodBullet(row, 'cpu').limit).toBe(300)
    expect(shownPodBullet(row, 'cpu', edited(800))).toEqual({ ...row.cpu, limit: 800 })
    expect(shownPodBullet(row, 'cpu', edited(null)).limit).toBeNull()
    const one = container('app', 200, 100, 300)
    const governed = { ...one, effective: { ...one.effective, limit_cpu_m: 500 } }
    expect(shownBullet(governed, 'cpu').limit).toBe(500)
    expect(shownBullet(governed, 'cpu', edited(800)).limit).toBe(800)
  })
  it('is found by every word, in any case, also by a container', () => {
    const found = (q: string) => filtered(rows, { ...NO_FILTER, q }).map((row) => row.service.name)
    expect(found('ENVOY orders')).toEqual(['cart'])
    expect(found('pay')).toEqual(['payout'])
    expect(found('cart payout')).toEqual([])
    expect(found('  ')).toHaveLength(3)
  })
  it('is found by namespace and flag', () => {
    expect(filtered(rows, { ...NO_FILTER, namespace: 'payments', flag: 'throttled' })).toHaveLength(
      1,
    )
    expect(filtered(rows, { ...NO_FILTER, namespace: 'orders', flag: 'throttled' })).toHaveLength(0)
  })
})

describe('totals', () => {
  it('multiply by pods and count what is known', () => {
    const totals = totalsOf(rows)
    expect(totals.services).toBe(3)
    expect(totals.pods).toBe(6)
    expect(totals.cpu).toEqual({ used: 880, request: 1600, limit: 600, waste: 920, unmeasured: 1 })
  })
  it('are unknown, never 0, where nothing is known', () => {
    const none = { used: null, request: null, limit: null, waste: null, unmeasured: 1 }
    expect(totalsOf([rowOf(dark)])).toEqual({ services: 1, pods: null, cpu: none, mem: none })
    expect(totalsOf([]).cpu).toEqual({ ...none, unmeasured: 0 })
    const prices = { core_month: 10, gib_month: 2 }
    expect(costsOf(totalsOf([]), prices)).toEqual({ cpu: null, mem: null })
  })
  it('never count less than nothing as waste', () => {
    expect(rows.map((row) => wasteOf(row, 'cpu'))).toEqual([920, 0, null])
  })
  it('rank without what is unknown or nothing', () =>
    expect(topOf(rows, (row) => wasteOf(row, 'cpu')).map(({ value }) => value)).toEqual([920]))
  it('count flags and group namespaces', () => {
    expect(flagCounts(rows)).toEqual([
      { flag: 'hot_pod', count: 2 },
      { flag: 'throttled', count: 1 },
    ])
    expect([...grouped(rows, ({ service }) => service.namespace).keys()]).toEqual([
      'orders',
      'payments',
    ])
  })
})

it('prices what is asked for and not used', () => {
  const totals = totalsOf([])
  const waste = {
    ...totals,
    cpu: { ...totals.cpu, waste: 2500 },
    mem: { ...totals.mem, waste: 512 },
  }
  expect(costsOf(waste, { core_month: 100, gib_month: 20 })).toEqual({ cpu: 250, mem: 10 })
})

it('knows what is not used in money only where the price is known', () => {
  const [row] = rows
  if (!row) throw new Error('there are rows')
  // 4 pods ask for 350 m and use 120 m each; nothing is known of their memory.
  expect(costOfRow(row, { core_month: 100, gib_month: 20 })).toBeCloseTo(92)
  expect(costOfRow(row, { core_month: 0, gib_month: 20 })).toBeNull()
  expect(costOfRow(row, null)).toBeNull()
})

it('says what governed values would free, of whatever both are known', () => {
  const governed = {
    ...cart,
    containers: cart.containers.map((one) => ({
      ...one,
      effective: { ...one.effective, request_cpu_m: 100 },
    })),
  }
  expect(projectionOf([governed, payout, dark].map(rowOf))).toEqual({
    cpu: 4 * (350 - 200),
    mem: null,
    unknown: 1,
  })
  expect(projectionOf([])).toEqual({ cpu: null, mem: null, unknown: 0 })
})

it('finds services by their owner, and groups those without one by themselves', () => {
  const ids = rows.map(({ id }) => id)
  const known = new Map(ids.slice(0, 1).map((id) => [id, { owner: 'Checkout', labels: {} }]))
  const all = rows.map((row) => labeled(row, known))
  const found = (filter: object) => filtered(all, { ...NO_FILTER, ...filter }).map(({ id }) => id)
  expect(found({ owner: 'Checkout' })).toEqual(ids.slice(0, 1))
  expect(found({ q: 'checkout' })).toEqual(ids.slice(0, 1))
  const groups = [...grouped(all, ({ labels }) => labels.owner)]
  expect(new Map(groups.map(([owner, group]) => [owner, group.length]))).toEqual(
    new Map([
      ['Checkout', 1],
      ['', ids.length - 1],
    ]),
  )
})
