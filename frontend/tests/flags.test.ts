// How many flags fit into their cell.
import { expect, it } from 'vitest'
import { fitting } from '@/features/services/flagRoom'

it.each([
  [[50, 50, 50], 166, 3],
  [[50, 50, 50], 165, 2],
  [[50, 50, 50], 132, 2],
  [[50, 50, 50], 131, 1],
  [[50, 50, 50], 10, 1],
  [[50], 10, 1],
])('%j in %i px: %i', (widths, room, n) => expect(fitting(widths, room, 16)).toBe(n))
