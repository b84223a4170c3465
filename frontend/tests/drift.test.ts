// From a difference to the values that accept it.
import { expect, it } from 'vitest'
import type { DriftItem } from '@/api/types'
import { acceptEdit, isEmptyEdit, mebibytes, millicores } from '@/features/admission/drift'

type Change = DriftItem['changes'][number]

function change(
  container: string,
  resource: Change['resource'],
  kind: Change['kind'],
  before: string | null,
) {
  return { container, resource, kind, before, after: '1', source: '' } satisfies Change
}

it.each([
  ['450m', 450],
  ['2', 2000],
  ['0.5', 500],
  ['0.0001', 1],
  ['none', null],
  ['1Gi', null],
])('reads the cpu %s', (text, value) => expect(millicores(text)).toBe(value))

it.each([
  ['512Mi', 512],
  ['1Gi', 1024],
  ['1.5Gi', 1536],
  ['1G', 954],
  ['1048576', 1],
  ['none', null],
])('reads the memory %s', (text, value) => expect(mebibytes(text)).toBe(value))

it('takes counts and values by their containers, and leaves what is not set', () =>
  expect(
    acceptEdit([
      change('', 'replicas', '', '5'),
      change('app', 'cpu', 'request', '450m'),
      change('app', 'memory', 'limit', '1Gi'),
      change('envoy', 'cpu', 'request', null),
    ]),
  ).toEqual({
    replicas_manual: 5,
    containers: [{ name: 'app', request_cpu_m: 450, limit_mem_mib: 1024 }],
  }))

it('is nothing where nothing can be taken', () => {
  expect(isEmptyEdit(acceptEdit([change('app', 'cpu', 'limit', null)]))).toBe(true)
  expect(isEmptyEdit(acceptEdit([change('', 'replicas', '', '0')]))).toBe(false)
})
