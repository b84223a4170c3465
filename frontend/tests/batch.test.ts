// One change for many services.
import { expect, it } from 'vitest'
import {
  changesOf,
  draftsOf,
  problemOf,
  type Plan,
  type Step,
} from '@/features/services/batch/plan'
import type { ContainerField } from '@/features/services/edit/drafts'
import { container, service } from './support/services'

const leave: Step = { how: 'leave', text: '' }

function plan(values: Partial<Record<ContainerField, Step>>, over: Partial<Plan> = {}): Plan {
  return {
    replicas_manual: leave,
    replicas_policy: '',
    mode: '',
    container: '',
    values: {
      request_cpu_m: leave,
      limit_cpu_m: leave,
      request_mem_mib: leave,
      limit_mem_mib: leave,
      ...values,
    },
    ...over,
  }
}

const cart = service('cart', 3, [container('app', 90, 100, 200), container('envoy', null, 10, 20)])
const percent: Step = { how: 'ofP95', text: '150' }

it('changes nothing unless told to', () => expect(changesOf(cart, plan({}))).toEqual([]))

it('reckons from the P95, rounded up, and leaves alone what was not measured', () =>
  expect(changesOf(cart, plan({ limit_cpu_m: { how: 'ofP95', text: '151' } }))).toEqual([
    { container: 'app', field: 'limit_cpu_m', shown: 200, before: null, after: 136 },
  ]))

it('reckons from what applies now, in every container or in one', () => {
  const half: Step = { how: 'ofNow', text: '50' }
  const after = (some: Plan) => changesOf(cart, some).map((change) => change.after)
  expect(after(plan({ limit_cpu_m: half }))).toEqual([100, 10])
  expect(after(plan({ limit_cpu_m: half }, { container: 'envoy' }))).toEqual([10])
})

it('sets and clears counts, policy and mode', () => {
  const set: Step = { how: 'set', text: '0' }
  const changes = changesOf(
    cart,
    plan({}, { replicas_manual: set, replicas_policy: 'autoscaled', mode: 'observe' }),
  )
  expect(changes.map(({ field, before, after }) => [field, before, after])).toEqual([
    ['replicas_manual', null, 0],
    ['replicas_policy', 'as_found', 'autoscaled'],
    ['mode', null, 'observe'],
  ])
  expect(changesOf({ ...cart, mode: 'off' }, plan({}, { mode: 'inherit' }))[0]?.after).toBeNull()
})

it('makes drafts of the services that change, based on their versions', () => {
  const known = { ...cart, version: '7' }
  const unknown = service('pay', 1, [container('app', null, 10, 20)])
  const drafts = draftsOf([known, unknown], plan({ limit_cpu_m: percent }))
  expect(drafts.map(({ service: { name }, version }) => [name, version])).toEqual([['cart', '7']])
})

it.each([
  [leave, ''],
  [{ how: 'clear', text: 'x' }, ''],
  [{ how: 'set', text: '' }, 'whole'],
  [{ how: 'set', text: '2.5' }, 'whole'],
  [{ how: 'ofP95', text: '0' }, 'percent'],
  [{ how: 'ofNow', text: '10001' }, 'percent'],
  [{ how: 'ofNow', text: '120' }, ''],
] as [Step, string][])('judges %o as %s', (step, problem) => expect(problemOf(step)).toBe(problem))
