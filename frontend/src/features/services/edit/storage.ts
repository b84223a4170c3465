// Drafts that survive a reload: kept for this tab, an entry for each env, gone once applied or discarded.
import { byEnv, type Change, type Draft } from './drafts'

type Store = Pick<Storage, 'getItem' | 'setItem' | 'removeItem' | 'key' | 'length'>

const PREFIX = 'kubedoor.drafts.'

const isObject = (value: unknown): value is Record<string, unknown> =>
  typeof value === 'object' && value !== null

function isChange(value: unknown): value is Change {
  if (!isObject(value)) return false
  const { container, field, shown, before, after } = value
  const named = (container === null || typeof container === 'string') && typeof field === 'string'
  const plain = (one: unknown) => one === null || ['number', 'string'].includes(typeof one)
  return named && [shown, before, after].every(plain)
}

function isDraft(value: unknown): value is Draft {
  if (!isObject(value) || !isObject(value['service']) || typeof value['version'] !== 'string')
    return false
  const { env, namespace, name } = value['service']
  const named = [env, namespace, name].every((one) => typeof one === 'string')
  return named && Array.isArray(value['changes']) && value['changes'].every(isChange)
}

/** What an entry holds; what is no draft (of another version of the console) is left out. */
export function parseDrafts(text: string | null): Draft[] {
  try {
    const parsed: unknown = JSON.parse(text ?? '[]')
    return Array.isArray(parsed) ? parsed.filter(isDraft) : []
  } catch {
    return []
  }
}

const keysOf = (store: Store) =>
  Array.from({ length: store.length }, (_, index) => store.key(index) ?? '').filter((key) =>
    key.startsWith(PREFIX),
  )

/** The drafts of all envs. */
export const readDrafts = (store: Store): Draft[] =>
  keysOf(store).flatMap((key) => parseDrafts(store.getItem(key)))

/** Keep exactly these; where the browser keeps nothing, they last until the page is left. */
export function keepDrafts(store: Store, drafts: readonly Draft[]): void {
  const groups = byEnv(drafts)
  for (const key of keysOf(store)) if (!groups.has(key.slice(PREFIX.length))) store.removeItem(key)
  for (const [env, some] of groups) {
    const key = PREFIX + env
    try {
      store.setItem(key, JSON.stringify(some))
    } catch {
      store.removeItem(key)
    }
  }
}
