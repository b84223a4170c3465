// What an audit row changed; every action and field that the API audits has words.
import { readFileSync } from 'node:fs'
import { expect, it } from 'vitest'
import type { AuditRow } from '@/api/types'
import { changesOf } from '@/features/audit/changes'

const row = (action: string, before: unknown, after: unknown) =>
  ({ action, before, after }) as AuditRow
const service = (more: object) => ({ namespace: 'shop', name: 'cart', containers: [], ...more })

it('tells the governed values that differ, also of many services', () => {
  const before = service({ replicas_manual: 2 })
  const after = service({ replicas_manual: 3, containers: [{ name: 'app', limit_cpu_m: 500 }] })
  const changes = changesOf(row('changeService', before, after))
  expect(changes.map((one) => (one.what === 'governed' ? one.change : one))).toEqual([
    { container: null, field: 'replicas_manual', before: 2, after: 3 },
    { container: 'app', field: 'limit_cpu_m', before: null, after: 500 },
  ])
  const many = changesOf(row('importServices', [null, before], [service({}), after]))
  expect(many.map((one) => one.what === 'governed' && one.service)).toEqual([
    'shop/cart',
    'shop/cart',
  ])
})

it('tells of what is new only what says something, and of a change only what differs', () => {
  const made = {
    id: '1',
    name: 'Night',
    stop_on_error: false,
    pause_s: 0,
    selector: { labels: 'a=b', name: '' },
  }
  expect(changesOf(row('createSchedule', null, made))).toEqual([
    { what: 'field', field: 'name', before: undefined, after: 'Night' },
    { what: 'field', field: 'labels', before: undefined, after: 'a=b' },
  ])
  const paused = { ...made, enabled: true }
  expect(changesOf(row('changeSchedule', made, paused))).toEqual([
    { what: 'field', field: 'enabled', before: undefined, after: true },
  ])
  const ended = { state: 'failed', detail: 'in English', notes: [{ code: 'oom' }] }
  expect(
    changesOf(row('scaleService', {}, ended)).map((one) => 'field' in one && one.field),
  ).toEqual(['state', 'notes'])
})

interface Schema {
  properties: Record<string, unknown>
}
const read = (path: string): unknown =>
  JSON.parse(readFileSync(new URL(path, import.meta.url), 'utf8'))
const openapi = read('../../docs/openapi.json') as {
  paths: Record<string, Record<string, { operationId: string }>>
  components: { schemas: Record<string, Schema> }
}

it.each(['en', 'zh-CN'])('has words in %s for whatever is audited', (language) => {
  const words = read(`../src/i18n/${language}/audit.json`) as Record<string, string>
  const methods = Object.values(openapi.paths).flatMap((path) => Object.entries(path))
  const actions = methods.filter(([method]) => method !== 'get' && method !== 'parameters')
  expect(actions.length).toBeGreaterThan(20)
  for (const [, { operationId }] of actions) expect(words).toHaveProperty(`action_${operationId}`)
  const asked = ['NewSchedule', 'NewToken', 'NewOperation', 'Selector', 'OperationTarget']
  const inside = new Set(['selector', 'replicas_asked'])
  for (const name of asked)
    for (const field of Object.keys(openapi.components.schemas[name]?.properties ?? {}))
      if (!inside.has(field)) expect(words).toHaveProperty(`field_${field}`)
})
