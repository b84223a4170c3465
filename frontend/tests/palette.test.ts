// What the palette finds.
import { expect, it } from 'vitest'
import { found } from '@/app/palette'

const entries = [
  'Services',
  'Settings',
  'orders/cart',
  'orders/shopping-cart',
  'payments/discard',
].map((label) => ({ id: label, label, kind: '' }))
const labels = (text: string) => found(entries, text).map(({ label }) => label)

it('finds by the beginnings of words first, then anywhere', () => {
  expect(labels('car')).toEqual(['orders/cart', 'orders/shopping-cart', 'payments/discard'])
  expect(labels('SE')).toEqual(['Services', 'Settings'])
  expect(labels('cart ord')).toEqual(['orders/cart', 'orders/shopping-cart'])
})

it('finds nothing where a word is nowhere, and everything for no word', () => {
  expect(labels('cart nope')).toEqual([])
  expect(labels(' ')).toHaveLength(entries.length)
})
