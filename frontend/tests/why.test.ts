import { describe, expect, it } from 'vitest'
import { cpuText, memText } from '@/features/service/why'
import en from '@/i18n/en/service.json'
import zh from '@/i18n/zh-CN/service.json'

const CPU = ['', 'peak_day', 'own_peak', 'whole_day', 'fleet'] as const

describe('where a derived value comes from', () => {
  it('is told by a sentence of its own for each rule, in both languages', () => {
    const named = [...CPU.map(cpuText), memText('own_peak', 'max'), memText('fleet', 'p95')]
    expect(new Set(named).size).toBe(5)
    for (const name of named) {
      const key = name.replace('service.', '')
      expect(Object.keys(en)).toContain(key)
      expect(Object.keys(zh)).toContain(key)
    }
  })

  it('is the peak hours for memory, whatever the rule of cpu', () => {
    expect(memText('own_peak', 'p95')).toBe(cpuText('peak_day'))
    expect(memText('whole_day', '')).toBe(cpuText('peak_day'))
  })
})
