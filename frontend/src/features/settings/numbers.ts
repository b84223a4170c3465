// Numbers by name as a text has them, `kept_share=0.8 min_replicas=3`: read, and written again. Pure.
import type { Setting } from '@/api/types'

/** What is set, as it is typed; the names that are not set are not there. */
export const readNumbers = (text: string): Record<string, string> =>
  Object.fromEntries(
    text
      .split(/[\s,]+/)
      .filter((word) => word !== '')
      .map((word) => {
        const [name = '', ...value] = word.split('=')
        return [name, value.join('=')]
      }),
  )

/** In the order of the names, those that nobody knows last, for the API to say so; empty ones are not set. */
export function writeNumbers(numbers: Setting['numbers'], given: Record<string, string>): string {
  const known = numbers.map(({ name }) => name)
  const names = [...known, ...Object.keys(given).filter((name) => !known.includes(name))]
  return names
    .map((name) => [name, (given[name] ?? '').trim().replace(/\s+/g, '')] as const)
    .filter(([, value]) => value !== '')
    .map(([name, value]) => `${name}=${value}`)
    .join(' ')
}
