// What admission says, taken apart.
import { expect, it } from 'vitest'
import { saidBy, whatOf } from '@/features/admission/sentences'

it.each([
  [
    'replicas 10 -> 3 (manual)',
    'change',
    { what: 'replicas', before: '10', after: '3', why: 'manual' },
  ],
  [
    'would change app: cpu request 2 -> 744m',
    'wouldChange',
    { what: 'app: cpu request', before: '2', after: '744m' },
  ],
  [
    'would be refused: Deployment shop/new is not registered in KubeDoor: register it',
    'wouldRefuse',
    { name: 'shop/new' },
  ],
  [
    'Deployment shop/new is not registered in KubeDoor: register it',
    'refused',
    { name: 'shop/new' },
  ],
  ['replicas left at 4: no count is known for this service yet', 'noCount', { n: '4' }],
  ['app: named twice, its resources are left alone', 'twice', { name: 'app' }],
  [
    'app: cpu request 900m is above the limit, lowered to 500m',
    'lowered',
    { what: 'app: cpu request', before: '900m', after: '500m' },
  ],
])('knows %j', (sentence, key, named) => {
  const found = saidBy(sentence)
  expect(found?.key).toBe(key)
  expect(found?.named).toMatchObject(named)
})

it('leaves alone what it does not know', () => expect(saidBy('the moon is full')).toBeNull())

it('names the governed values', () => {
  expect(whatOf('replicas')).toEqual({ key: 'replicas', named: {} })
  expect(whatOf('app: memory limit')).toEqual({ key: 'memory_limit', named: { container: 'app' } })
  expect(whatOf('app cpu request')).toEqual({ key: 'cpu_request', named: { container: 'app' } })
  expect(whatOf('autoscaler bounds')).toBeNull()
})
