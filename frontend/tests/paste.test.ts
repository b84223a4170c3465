// A block of a spreadsheet in the cells of the services table.
import { expect, it } from 'vitest'
import { idOf } from '@/features/services/edit/drafts'
import { blockOf, paste, type Editable, type NotEditable } from '@/features/services/edit/paste'
import type { Service } from '@/api/types'
import { container, service } from './support/services'

const one = (name: string) => service(name, 2, [container('app', 50, 100, 500)])
const rows = [one('cart'), one('pay'), service('two', 2, [])]

function editable(row: Service, column: string): Editable | NotEditable {
  if (column === 'used') return 'readonly'
  if (column === 'manual')
    return { cell: { container: null, field: 'replicas_manual' }, shown: row.replicas.manual }
  const [first] = row.containers
  return first ? { cell: { container: 'app', field: 'limit_cpu_m' }, shown: 500 } : 'several'
}
const into = (text: string, columns = ['manual', 'used', 'limit']) =>
  paste(text, rows, columns, editable, new Map())

it('reads lines and tabs, and no line after the last break', () => {
  expect(blockOf('1\r\n 2\t3 \n')).toEqual([['1'], ['2', '3']])
  expect(blockOf('1\n\n2')).toEqual([['1'], [''], ['2']])
})

it('fills cells downwards', () => {
  const { drafts, taken, wrong, beyond } = into('3\n1,200\n4\n5\n6')
  expect(drafts.map(({ service: { name }, changes }) => [name, changes[0]?.after])).toEqual([
    ['cart', 3],
    ['pay', 1200],
    ['two', 4],
  ])
  expect([taken, wrong, beyond]).toEqual([3, [], 2])
})

it('takes the right values and tells every wrong one with its reason', () => {
  const { drafts, taken, wrong } = into('3\t9\t50m\nmany\t\t2 cores\n\t\t7')
  expect(drafts.map(({ service: { name } }) => name)).toEqual(['cart', 'pay', 'two'])
  expect(taken).toBe(3)
  expect(wrong.map(({ service: name, column, text, why }) => [name, column, text, why])).toEqual([
    ['cart', 'used', '9', 'readonly'],
    ['cart', 'limit', '50m', { kind: 'belowRequest', value: 100 }],
    ['pay', 'manual', 'many', 'whole'],
    ['pay', 'used', '', 'readonly'],
    ['two', 'used', '', 'readonly'],
    ['two', 'limit', '7', 'several'],
  ])
})

it('goes on from drafts that are there', () => {
  const known = {
    service: { env: 'e', namespace: 'orders', name: 'cart' },
    version: '5',
    changes: [],
  }
  const { drafts } = paste('3', rows, ['manual'], editable, new Map([[idOf(known.service), known]]))
  expect(drafts[0]?.version).toBe('5')
})
