// Views of the services table: what is shown in which order, as the address tells it. Pure.
import { inOrder, type Arrangement, type Column } from '@/ui/table/columns'

/** What of the address makes a view; the env is not of it. */
const VIEW_KEYS = ['q', 'namespace', 'owner', 'flag', 'sort', 'columns'] as const
export type ViewQuery = Partial<Record<(typeof VIEW_KEYS)[number], string>>

export interface View {
  name: string
  query: ViewQuery
}

/** The view in an address. */
export function viewOf(query: Readonly<Record<string, unknown>>): ViewQuery {
  const told = VIEW_KEYS.flatMap((key) => {
    const value = query[key]
    return typeof value === 'string' && value !== '' ? [[key, value] as const] : []
  })
  return Object.fromEntries(told)
}

export const sameView = (a: ViewQuery, b: ViewQuery) =>
  VIEW_KEYS.every((key) => (a[key] ?? '') === (b[key] ?? ''))

const PINNED = '!'

/** The columns that are shown, in their order; `!` is behind those that stay at the left. */
export function columnsText<Row>(
  columns: readonly Column<Row>[],
  { order, hidden, pinned }: Arrangement,
): string {
  return inOrder(columns, order)
    .filter(({ key }) => !hidden.includes(key))
    .map(({ key }) => key + (pinned.includes(key) ? PINNED : ''))
    .join(',')
}

/** An arrangement out of an address; names that no column has are passed over, and the first column is always there. */
export function arrangementOf<Row>(columns: readonly Column<Row>[], text: string): Arrangement {
  const known = columns.map(({ key }) => key)
  const told = text.split(',').map((one) => ({ key: one.replace(PINNED, ''), one }))
  const some = told.filter(({ key }) => known.includes(key))
  const [first = ''] = known
  const order = [...new Set([first, ...some.map(({ key }) => key)])]
  return {
    order,
    hidden: known.filter((key) => !order.includes(key)),
    pinned: some.filter(({ one }) => one.endsWith(PINNED)).map(({ key }) => key),
  }
}

/** The views with one more; of two with one name the later counts. */
export const withView = (views: readonly View[], view: View): View[] =>
  [...views.filter(({ name }) => name !== view.name), view].sort((a, b) =>
    a.name.localeCompare(b.name),
  )
