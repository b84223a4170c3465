// Drafts in the browser's storage: kept by env, gone once applied, and nothing odd is taken back.
import { expect, it } from 'vitest'
import type { Draft } from '@/features/services/edit/drafts'
import { keepDrafts, parseDrafts, readDrafts } from '@/features/services/edit/storage'

const draft = (env: string, after: number | null): Draft => ({
  service: { env, namespace: 'orders', name: 'cart' },
  version: '7',
  changes: [{ container: null, field: 'replicas_manual', shown: 2, before: null, after }],
})

class Memory {
  readonly entries = new Map<string, string>([['other', 'kept']])
  full = false
  get length() {
    return this.entries.size
  }
  key = (index: number) => [...this.entries.keys()][index] ?? null
  getItem = (key: string) => this.entries.get(key) ?? null
  removeItem = (key: string) => void this.entries.delete(key)
  setItem(key: string, value: string) {
    if (this.full) throw new Error('full')
    this.entries.set(key, value)
  }
}

it('gives back what was kept, an entry for each env', () => {
  const store = new Memory()
  keepDrafts(store, [draft('east', 3), draft('west', null)])
  expect(readDrafts(store)).toEqual([draft('east', 3), draft('west', null)])
  expect([...store.entries.keys()]).toEqual([
    'other',
    'kubedoor.drafts.east',
    'kubedoor.drafts.west',
  ])
})

it('keeps nothing of an env whose drafts are gone', () => {
  const store = new Memory()
  keepDrafts(store, [draft('east', 3), draft('west', 4)])
  keepDrafts(store, [draft('west', 5)])
  expect(readDrafts(store)).toEqual([draft('west', 5)])
  keepDrafts(store, [])
  expect([...store.entries.keys()]).toEqual(['other'])
})

it('leaves no stale entry where the storage is full', () => {
  const store = new Memory()
  keepDrafts(store, [draft('east', 3)])
  store.full = true
  keepDrafts(store, [draft('east', 9)])
  expect(readDrafts(store)).toEqual([])
})

const broken = [
  { ...draft('east', 1), version: 7 },
  { ...draft('east', 1), service: { env: 'east' } },
  {
    ...draft('east', 1),
    changes: [{ container: 1, field: 'mode', shown: 1, before: 1, after: 1 }],
  },
  {
    ...draft('east', 1),
    changes: [{ container: null, field: 'mode', shown: {}, before: 1, after: 1 }],
  },
  null,
]

it.each([null, '', '{oops', '7', '{}', JSON.stringify(broken)])(
  'takes no draft from %s',
  (text) => {
    expect(parseDrafts(text)).toEqual([])
  },
)
