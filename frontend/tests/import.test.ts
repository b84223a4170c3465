// What an import changes, in values, and the way back.
import { expect, it } from 'vitest'
import type { BulkItem, ExpertService } from '@/api/types'
import { bodyOfText, editBack, linesOf } from '@/features/services/import/result'
import { NONE } from './support/services'

function row(replicas: number | null, containers: Record<string, number | null>): ExpertService {
  return {
    namespace: 'shop',
    name: 'cart',
    kind: 'Deployment',
    replicas_manual: replicas,
    replicas_policy: 'as_found',
    mode: null,
    note: '',
    containers: Object.entries(containers).map(([name, request_cpu_m]) => ({
      ...NONE,
      name,
      request_cpu_m,
    })),
  }
}

function item(action: BulkItem['action'], before: BulkItem['before'], after: BulkItem['after']) {
  const named = { namespace: 'shop', kind: 'Deployment' as const, name: action }
  return { ...named, action, before, after, notes: [] }
}

const items = [
  item('unchanged', row(1, {}), row(1, {})),
  item('changed', row(1, { app: 10 }), row(2, { app: 10, envoy: 5 })),
  item('added', null, row(3, {})),
]

it('tells of what changes, new services first', () => {
  const lines = linesOf(items)
  expect(lines.map(({ id }) => id)).toEqual(['shop/added', 'shop/changed'])
  expect(lines[1]?.changes).toEqual([
    { container: null, field: 'replicas_manual', before: 1, after: 2 },
    { container: 'envoy', field: 'request_cpu_m', before: null, after: 5 },
  ])
})

it('goes back to exactly what was, containers that came included', () =>
  expect(editBack(item('changed', row(1, { app: 10 }), row(2, { app: 10, envoy: 5 })))).toEqual({
    replicas_manual: 1,
    replicas_policy: 'as_found',
    mode: null,
    note: '',
    containers: [
      { ...NONE, name: 'app', request_cpu_m: 10 },
      { ...NONE, name: 'envoy' },
    ],
  }))

it('takes JSON as a list or an object with services, anything else as CSV', () => {
  expect(bodyOfText('[{"namespace": "a"}]')).toEqual({ services: [{ namespace: 'a' }] })
  expect(bodyOfText(' {"services": []}')).toEqual({ services: [] })
  expect(bodyOfText('namespace,name\n')).toEqual({ csv: 'namespace,name\n' })
  expect(bodyOfText('{"service": []}')).toEqual({ problem: 'json' })
  expect(bodyOfText('{oops')).toEqual({ problem: 'json' })
})
