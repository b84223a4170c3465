// The services table as a file: a line a container, what was entered, governed, run with and used. Pure.
import type { Container } from '@/api/types'
import { FIGURE_KEYS, FIGURES } from '@/features/figures/figures'
import { wasteOf } from '@/features/overview/totals'
import { bulletOf, type ServiceRow } from '../row'

export type FileCell = string | number | null
type CellOf = (row: ServiceRow, container: Container | undefined) => FileCell

const VALUES = ['request_cpu_m', 'limit_cpu_m', 'request_mem_mib', 'limit_mem_mib'] as const

/** What an import takes: the columns of `exportServices`. */
const ENTERED: [string, CellOf][] = [
  ['namespace', ({ service }) => service.namespace],
  ['kind', ({ service }) => service.kind],
  ['name', ({ service }) => service.name],
  ['replicas_manual', ({ service }) => service.replicas.manual],
  ['replicas_policy', ({ service }) => service.replicas_policy],
  ['mode', ({ service }) => service.mode],
  ['note', ({ service }) => service.note],
  ['container', (_, one) => one?.name ?? ''],
  ...VALUES.map((name): [string, CellOf] => [name, (_, one) => one?.expert[name] ?? null]),
]

/** What is there to be read; an import passes by a column whose name has a dot. */
const TOLD: [string, CellOf][] = [
  ['governed.replicas', ({ service }) => service.replicas.effective],
  ...VALUES.map((name): [string, CellOf] => [
    `governed.${name}`,
    (_, one) => one?.effective[name] ?? null,
  ]),
  ...VALUES.map((name): [string, CellOf] => [
    `runs_with.${name}`,
    (_, one) => one?.peak?.[name] ?? null,
  ]),
  ['runs_with.replicas', ({ service }) => service.peak?.pod_count ?? null],
  ['used.p95_cpu_m', (_, one) => (one ? bulletOf(one, 'cpu').used : null)],
  ['used.p95_mem_mib', (_, one) => (one ? bulletOf(one, 'mem').used : null)],
  ['service.not_used_cpu_m', (row) => wasteOf(row, 'cpu')],
  ['service.not_used_mem_mib', (row) => wasteOf(row, 'mem')],
  ...FIGURE_KEYS.map((key): [string, CellOf] => [
    `service.${key}`,
    ({ service }) => FIGURES[key].valueOf(service) ?? null,
  ]),
  ['service.grade', ({ service }) => service.score?.grade ?? null],
  ['service.flags', ({ service }) => service.flags.join(' ')],
]

const COLUMNS = [...ENTERED, ...TOLD]

/** The head and a line for each container; a service without containers has its line all the same. */
export function tableOf(rows: readonly ServiceRow[]): FileCell[][] {
  const lines = rows.flatMap((row) => {
    const containers: (Container | undefined)[] = row.service.containers
    return (containers.length > 0 ? containers : [undefined]).map((one) =>
      COLUMNS.map(([, cellOf]) => cellOf(row, one)),
    )
  })
  return [COLUMNS.map(([name]) => name), ...lines]
}
