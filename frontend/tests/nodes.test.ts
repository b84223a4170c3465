// Seconds of drains and moves: the bounds that the console names are those of the API's document.
import { readFileSync } from 'node:fs'
import { expect, it } from 'vitest'
import { GRACE, PAUSE, secondsOf, TIMEOUT } from '@/features/nodes/seconds'

interface Field {
  minimum?: number
  maximum?: number
  anyOf?: Field[]
}
const DOCUMENT = JSON.parse(
  readFileSync(new URL('../../docs/openapi.json', import.meta.url), 'utf8'),
) as { components: { schemas: Record<string, { properties: Record<string, Field> }> } }

function told(model: string, name: string) {
  const field = DOCUMENT.components.schemas[model]?.properties[name] ?? {}
  const number = field.anyOf?.find(({ maximum }) => maximum !== undefined) ?? field
  return { leastS: number.minimum, mostS: number.maximum }
}

it('are bounded as the API bounds them', () => {
  expect(TIMEOUT).toMatchObject(told('DrainRequest', 'timeout_s'))
  expect(GRACE).toMatchObject(told('DrainRequest', 'grace_period_s'))
  expect(PAUSE).toMatchObject(told('MovesRequest', 'pause_s'))
})

it('are whole seconds within them, or none where none have to be', () => {
  expect(secondsOf(' 10 ', TIMEOUT)).toBe(10)
  expect(secondsOf('9', TIMEOUT)).toBeUndefined()
  expect(secondsOf('', TIMEOUT)).toBeUndefined()
  expect(secondsOf('', GRACE)).toBeNull()
  expect(secondsOf('1.5', GRACE)).toBeUndefined()
  expect(secondsOf('86401', GRACE)).toBeUndefined()
})
