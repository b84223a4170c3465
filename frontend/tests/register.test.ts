// Registering: which namespace was meant, and names in words.
import { expect, it } from 'vitest'
import { fits, LABEL, SUBDOMAIN } from '@/api/names'
import { fieldText } from '@/api/words'
import { nearest } from '@/features/services/register'

it.each([
  ['order', 'orders'],
  ['odrers', 'orders'],
  ['paymnts', 'payments'],
  ['shop', null],
  ['xyz', null],
])('%s is taken for %s', (typed, meant) => {
  expect(nearest(typed, ['orders', 'payments', 'web'])).toBe(meant)
})

it('knows which names Kubernetes takes', () => {
  expect(['a', 'a-1', '9'].every((one) => fits(one, LABEL))).toBe(true)
  expect(['', 'A', '-a', 'a-', 'a.b', 'a_b'].some((one) => fits(one, LABEL))).toBe(false)
  expect(fits('a.b-c.d', SUBDOMAIN)).toBe(true)
  expect(['a..b', '.a', 'a.'].some((one) => fits(one, SUBDOMAIN))).toBe(false)
})

it('tells the rule for a name in words, not as the pattern', () => {
  const words = { te: () => true, t: (key: string) => key }
  const refused = (pattern: string) =>
    fieldText(
      { field: 'name', reason: pattern, code: 'string_pattern_mismatch', parameters: { pattern } },
      words,
    )
  expect(refused(LABEL)).toBe('problem.field_name_label')
  expect(refused(SUBDOMAIN)).toBe('problem.field_name_subdomain')
  expect(refused('^x$')).toBe('problem.field_string_pattern_mismatch')
})
