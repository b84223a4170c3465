// A list's order in its address, what of its filters is asked for, and its parts as one.
import { describe, expect, it } from 'vitest'
import { askedOf, joined, sortOf, sortText } from '@/ui/list/address'

describe('an order in the address', () => {
  it.each(['kind', '-requested_at'])('is read as it was written: %s', (text) => {
    expect(sortText(sortOf(text))).toBe(text)
  })

  it('is left out where there is none', () => {
    expect(sortOf('')).toBeNull()
    expect(sortText(null)).toBeUndefined()
  })
})

describe('a list', () => {
  it('is asked for only by what is set', () => {
    expect(askedOf({ q: 'cart', state: '', sort: undefined })).toEqual({ q: 'cart' })
  })

  it('shows once what moved from one part to the next', () => {
    const parts = [{ items: [{ id: 'c' }, { id: 'b' }] }, { items: [{ id: 'b' }, { id: 'a' }] }]
    expect(joined(parts, ({ id }) => id).map(({ id }) => id)).toEqual(['c', 'b', 'a'])
  })
})
