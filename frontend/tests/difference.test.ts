// What differs between two documents.
import { expect, it } from 'vitest'
import { differencesOf, leafText } from '@/ui/difference'

it('names the leaves that differ, and no others', () => {
  const before = {
    replicas_manual: null,
    note: 'a',
    containers: [{ name: 'app', limit_cpu_m: 100 }],
  }
  const after = { replicas_manual: 4, note: 'a', containers: [{ name: 'app', limit_cpu_m: 200 }] }
  expect(differencesOf(before, after)).toEqual([
    { path: 'replicas_manual', before: null, after: 4 },
    { path: 'containers.0.limit_cpu_m', before: 100, after: 200 },
  ])
})

it('takes a document that was not there for empty', () => {
  expect(differencesOf(null, { mode: 'off' })).toEqual([
    { path: 'mode', before: undefined, after: 'off' },
  ])
  expect(differencesOf(null, null)).toEqual([])
  expect(differencesOf('a', 'b')).toEqual([{ path: '', before: 'a', after: 'b' }])
})

it('writes nothing as a dash and zero as zero', () => {
  expect([null, undefined, '', 0, false, 'x'].map(leafText)).toEqual([
    '–',
    '–',
    '–',
    '0',
    'false',
    'x',
  ])
})
