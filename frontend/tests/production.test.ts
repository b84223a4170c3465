// Which namespaces want the number of services typed.
import { describe, expect, it } from 'vitest'
import { isProduction } from '@/features/settings/production'

describe('a production namespace', () => {
  it('matches as a whole', () => {
    expect(isProduction('prod.*|.*-prod', 'prod-eu')).toBe(true)
    expect(isProduction('prod.*|.*-prod', 'shop-prod')).toBe(true)
    expect(isProduction('prod.*|.*-prod', 'shop-prod-test')).toBe(false)
    expect(isProduction('prod.*|.*-prod', 'preprod')).toBe(false)
  })
  it('is none where the pattern is empty', () => {
    expect(isProduction('', 'shop')).toBe(false)
  })
  it('is any where the pattern is not known, or says nothing to a browser', () => {
    expect(isProduction(undefined, 'shop')).toBe(true)
    expect(isProduction('(?P<name>shop)', 'cart')).toBe(true)
  })
})
