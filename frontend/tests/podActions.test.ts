// Actions on pods: who may use which and what stands against it; the parameters that a form makes.
import { expect, it } from 'vitest'
import { against, type Grant } from '@/features/pods/may'
import { faultsOf, newHow, parametersOf } from '@/features/pods/parameters'

const groups = (on: string[], namespaces: string[] = []) => ({
  namespaces,
  groups: (['logs', 'diagnose', 'delete', 'isolate', 'exec'] as const).map((name) => ({
    name,
    on: on.includes(name),
    chart_value: `podActions.${name}`,
  })),
})
const grant = (some: Partial<Grant> = {}): Grant => ({
  role: 'operator',
  env: '.*',
  namespace: '.*',
  may: ['logs', 'diagnose', 'isolate', 'delete'],
  ...some,
})
const ALL = ['logs', 'diagnose', 'delete', 'isolate']

it('says of each action whether it is off, or in another namespace, or takes a right', () => {
  const logsOnly = grant({ may: ['logs'] })
  expect(against(groups(['logs', 'delete']), [logsOnly], 'prod', 'shop')).toEqual({
    logs: null,
    diagnose: 'off',
    dump: 'off',
    delete: 'right',
    isolate: 'off',
    exec: 'off',
  })
  expect(against(groups(ALL, ['pay']), [grant()], 'prod', 'shop').logs).toBe('elsewhere')
  expect(against(groups(ALL, ['pay', 'shop']), [grant()], 'prod', 'shop').logs).toBeNull()
})

it('lets those dump heaps who have the right to that, where JVMs are asked', () => {
  const dumps = grant({ may: ['dump'] })
  expect(against(groups(['diagnose']), [dumps], 'prod', 'shop').dump).toBeNull()
  expect(against(groups(['diagnose']), [grant()], 'prod', 'shop').dump).toBe('right')
  expect(against(groups(['logs']), [dumps], 'prod', 'shop').dump).toBe('off')
})

it('has a heap go through a FIFO only where that is chosen, and says so of no other kind', () => {
  expect(parametersOf('heap_dump', newHow())).toEqual({
    pid: null,
    isolate_first: true,
    through_fifo: false,
  })
  const how = { ...newHow(), throughFifo: true }
  expect(parametersOf('heap_dump', how)).toMatchObject({ through_fifo: true })
  expect(parametersOf('jfr', how)).not.toHaveProperty('through_fifo')
})

it('lets those alone open a terminal who are given that by name', () => {
  const shell = grant({ may: ['exec'] })
  expect(against(groups(['exec']), [shell], 'prod', 'shop').exec).toBeNull()
  expect(against(groups(['exec']), [grant({ role: 'admin' })], 'prod', 'shop').exec).toBe('right')
  expect(against(groups(ALL), [shell], 'prod', 'shop').exec).toBe('off')
})

it('takes the grants of this env and namespace alone, whole names and not parts', () => {
  const there = grant({ env: 'prod', namespace: 'shop' })
  expect(against(groups(ALL), [there], 'prod', 'shop').delete).toBeNull()
  expect(against(groups(ALL), [there], 'prod', 'shop-old').delete).toBe('right')
  expect(against(groups(ALL), [there], 'prod-2', 'shop').delete).toBe('right')
})

it('lets a viewer with the right read logs, and change nothing', () => {
  const viewer = grant({ role: 'viewer', may: ['logs', 'isolate'] })
  expect(against(groups(ALL), [viewer], 'prod', 'shop')).toEqual({
    logs: null,
    diagnose: 'right',
    dump: 'right',
    delete: 'right',
    isolate: 'right',
    exec: 'off',
  })
})

it('leaves an expression that JavaScript can not read to the API', () => {
  const foreign = grant({ namespace: '(?P<team>shop' })
  expect(against(groups(ALL), [foreign], 'prod', 'shop').logs).toBeNull()
})

it('sends each kind its own parameters, and an empty number as none', () => {
  const how = { ...newHow(), graceS: ' 30 ', untilH: '', force: true }
  expect(parametersOf('delete', how)).toEqual({ way: 'evict', grace_period_s: 30, force: false })
  expect(parametersOf('delete', { ...how, way: 'delete' })).toMatchObject({ force: true })
  expect(parametersOf('isolate', how)).toEqual({ order: 'at_once', until_h: null })
  expect(parametersOf('threads', { ...how, times: 3 })).toEqual({ pid: null, times: 3 })
  expect(parametersOf('heap_dump', how)).toMatchObject({ pid: null, isolate_first: true })
  expect(parametersOf('jfr', how)).toEqual({ pid: null, duration_s: 60, settings: 'default' })
  expect(parametersOf('histogram', { ...how, pid: 7 })).toEqual({ pid: 7 })
})

it.each(['0', '1.5', '86401', 'soon'])('does not take %s as seconds', (graceS) => {
  expect(faultsOf('delete', { ...newHow(), graceS })).toHaveProperty('graceS')
})

it('takes hours up to a week, and none', () => {
  expect(faultsOf('isolate', { ...newHow(), untilH: '168' })).toEqual({})
  expect(faultsOf('isolate', newHow())).toEqual({})
  expect(faultsOf('isolate', { ...newHow(), untilH: '169' })).toHaveProperty('untilH')
})
