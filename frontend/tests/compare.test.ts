import { describe, expect, it } from 'vitest'
import type { Service } from '@/api/types'
import { canCopy, changeOf, comparedOf } from '@/features/compare/values'

const NONE = { request_cpu_m: null, limit_cpu_m: null, request_mem_mib: null, limit_mem_mib: null }
const service = (
  replicas: number,
  cpu: Record<string, number | null>,
  expert: number | null = null,
) =>
  ({
    replicas: { effective: replicas, manual: expert },
    containers: Object.entries(cpu).map(([name, request_cpu_m]) => ({
      name,
      effective: { ...NONE, request_cpu_m },
      expert: { ...NONE, request_cpu_m: expert },
    })),
  }) as unknown as Service

describe('a service in two envs', () => {
  const rows = comparedOf(service(3, { app: 500, only: 10 }), service(2, { app: 250 }, 200))
  const at = (key: string) => {
    const found = rows.find((row) => row.key === key)
    if (!found) throw new Error(key)
    return found
  }

  it('has a row for the count and for each value of each container', () => {
    expect(rows.map(({ key }) => key)).toHaveLength(1 + 2 * 4)
    expect(at('replicas_manual')).toMatchObject({ left: 3, right: 2, rightExpert: 200 })
    expect(at('only/request_cpu_m')).toMatchObject({ left: 10, right: undefined })
  })

  it('copies what is known on the left and can be set on the right', () => {
    expect(canCopy(at('app/request_cpu_m'))).toBe(true)
    expect(canCopy(at('only/request_cpu_m'))).toBe(false)
    expect(canCopy(at('app/limit_cpu_m'))).toBe(false)
    expect(comparedOf(service(2, {}), service(2, {})).map(canCopy)).toEqual([false])
  })

  it('makes a change of what a person set on the right', () => {
    expect(changeOf(at('app/request_cpu_m'))).toEqual({
      container: 'app',
      field: 'request_cpu_m',
      shown: 250,
      before: 200,
      after: 500,
    })
  })
})
