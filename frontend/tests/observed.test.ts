// What `observe` would have done.
import { expect, it } from 'vitest'
import type { Admission } from '@/api/types'
import { observedOf } from '@/features/admission/observed'

function decision(name: string, outcome: string, at: string): Admission {
  return {
    at,
    namespace: 'shop',
    kind: 'Deployment',
    name,
    uid: at,
    user: 'ci',
    operation: 'UPDATE',
    resource: 'deployments',
    rule: 6,
    mode: 'observe',
    outcome,
    changes: [],
    notes: [],
    patch: null,
    warnings: [at],
  }
}

it('counts by service, refusals first, and keeps the words of the latest', () => {
  const rows = observedOf([
    decision('cart', 'would_patch', '2026-11-20T10:00:00.000Z'),
    decision('cart', 'would_patch', '2026-11-21T10:00:00.000Z'),
    decision('cart', 'would_patch', '2026-11-19T10:00:00.000Z'),
    decision('rogue', 'would_deny', '2026-11-18T10:00:00.000Z'),
  ])
  expect(rows.map(({ name, refused, changed }) => [name, refused, changed])).toEqual([
    ['rogue', 1, 0],
    ['cart', 0, 3],
  ])
  expect(rows[1]?.said).toMatchObject({ at: '2026-11-21T10:00:00.000Z' })
})
