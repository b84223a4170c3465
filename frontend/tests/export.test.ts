// The services table as a file.
import { expect, it } from 'vitest'
import { csvOf } from '@/features/services/export/csv'
import { tableOf } from '@/features/services/export/table'
import { rowOf } from '@/features/services/row'
import { container, NONE, service } from './support/services'

const entered = { ...container('app', 100, 300, 400), expert: { ...NONE, limit_cpu_m: 400 } }
const cart = service('cart', 4, [entered, container('envoy', 20, 50, null)], ['hot_pod', 'new'])
const bare = service('bare', null, [])
const [head = [], ...lines] = tableOf([cart, bare].map(rowOf))
const at = (line: number, column: string) => lines[line]?.[head.indexOf(column)]

it('has a line a container, and one for a service without any', () => {
  expect(lines.map((_, index) => [at(index, 'name'), at(index, 'container')])).toEqual([
    ['cart', 'app'],
    ['cart', 'envoy'],
    ['bare', ''],
  ])
})

it('tells apart what was entered, governed, run with and used', () => {
  expect(at(0, 'limit_cpu_m')).toBe(400)
  expect(at(1, 'limit_cpu_m')).toBeNull()
  expect(at(1, 'request_cpu_m')).toBeNull()
  expect(at(1, 'governed.request_cpu_m')).toBe(50)
  expect(at(0, 'runs_with.request_cpu_m')).toBe(300)
  expect(at(0, 'used.p95_cpu_m')).toBe(100)
  expect(at(1, 'service.not_used_cpu_m')).toBe(4 * 230)
  expect(at(0, 'service.flags')).toBe('hot_pod new')
  expect(at(2, 'used.p95_cpu_m')).toBeNull()
})

it.each([
  ['=1+1', "'=1+1"],
  [' \u200b-2', "' \u200b-2"],
  ['\uff1d1', "'\uff1d1"],
  ['a;=1', '"a;\'=1"'],
  ['a, "b"', '"a, ""b"""'],
  ["it's = fine", "it's = fine"],
])('writes %j so that no spreadsheet runs it', (text, safe) => {
  expect(csvOf([[text, -3, null]])).toBe(`${safe},-3,\r\n`)
})
