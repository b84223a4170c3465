// What an import says that it changes, as people read it; and how to take it back. Pure.
import type { BulkItem } from '@/api/types'
import { editBackTo, expertChanges, expertOfBulk, type ExpertChange } from '../expert'

export interface ImportLine {
  id: string
  item: BulkItem
  changes: ExpertChange[]
}

const ORDER = { added: 0, changed: 1, unchanged: 2 }

/** Each service that would not stay as it is, with what differs; new ones first. */
export function linesOf(items: readonly BulkItem[]): ImportLine[] {
  return items
    .filter(({ action }) => action !== 'unchanged')
    .sort((a, b) => ORDER[a.action] - ORDER[b.action])
    .map((item) => ({
      id: `${item.namespace}/${item.name}`,
      item,
      changes: expertChanges(expertOfBulk(item.before), expertOfBulk(item.after)),
    }))
}

/** The edit that brings a service back to what it was before the import. */
export function editBack({ before, after }: BulkItem) {
  return editBackTo(expertOfBulk(before), expertOfBulk(after))
}

/** What to send: a JSON document as `{services}`, anything else as CSV. */
export function bodyOfText(
  text: string,
): { services?: unknown; csv?: string } | { problem: 'json' } {
  const trimmed = text.trim()
  if (!/^[[{]/.test(trimmed)) return { csv: text }
  try {
    const parsed = JSON.parse(trimmed) as unknown
    if (Array.isArray(parsed)) return { services: parsed }
    const { services } = parsed as { services?: unknown }
    return services === undefined ? { problem: 'json' } : { services }
  } catch {
    return { problem: 'json' }
  }
}
