// The line diff of a previewed manifest.
import { expect, it } from 'vitest'
import { diffLines } from '@/features/admission/diff'

const shown = (before: string, after: string) =>
  diffLines(before, after).map(
    ({ kind, text }) => `${{ same: ' ', added: '+', removed: '-' }[kind]}${text}`,
  )

it('keeps what is the same and shows old before new', () =>
  expect(shown('a\nreplicas: 9\nb\n', 'a\nreplicas: 3\nb\n')).toEqual([
    ' a',
    '-replicas: 9',
    '+replicas: 3',
    ' b',
  ]))

it('shows lines that came and went at the ends', () => {
  expect(shown('a', 'a\nb')).toEqual([' a', '+b'])
  expect(shown('x\na', 'a')).toEqual(['-x', ' a'])
})

it('gives both texts back', () => {
  const [before, after] = ['a\nb\nc\nd\na', 'b\nd\nc\na\ne']
  const lines = diffLines(before, after)
  const without = (kind: string) =>
    lines
      .filter((line) => line.kind !== kind)
      .map(({ text }) => text)
      .join('\n')
  expect(without('added')).toBe(before)
  expect(without('removed')).toBe(after)
})
