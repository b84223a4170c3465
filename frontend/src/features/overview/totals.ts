// The cluster at its peak, from the services' rows: totals, top-10s, what needs a person. Pure.
import type { Bullet } from '@/ui/bullet'
import { sumKnown, type ServiceRow } from '@/features/services/row'

export interface ResourceTotals extends Bullet {
  /** What was asked for and not used; null where it is known of no service. */
  waste: number | null
  /** Services whose use is not known, and which are in no sum. */
  unmeasured: number
}

export interface Totals {
  services: number
  /** null where it is known of no service. */
  pods: number | null
  cpu: ResourceTotals
  mem: ResourceTotals
}

/** Pods of a service at the latest peak; else the count that admission applies. */
export function podsOf({ service }: ServiceRow): number | null {
  return service.peak?.pod_count ?? service.replicas.effective
}

type Field = 'cpu' | 'mem'
const times = (value: number | null, pods: number | null) =>
  value === null || pods === null ? null : value * pods

/** Use, request and limit of all pods of a service. */
export function wholeBullet(row: ServiceRow, field: Field): Bullet {
  const pods = podsOf(row)
  const { used, request, limit } = row[field]
  return { used: times(used, pods), request: times(request, pods), limit: times(limit, pods) }
}

/** What a service asks for and does not use; null where use or request is not known. */
export function wasteOf(row: ServiceRow, field: Field): number | null {
  const { used, request } = wholeBullet(row, field)
  return used === null || request === null ? null : Math.max(0, request - used)
}

function resourceTotals(rows: readonly ServiceRow[], field: Field): ResourceTotals {
  const wholes = rows.map((row) => wholeBullet(row, field))
  return {
    used: sumKnown(wholes.map(({ used }) => used)),
    request: sumKnown(wholes.map(({ request }) => request)),
    limit: sumKnown(wholes.map(({ limit }) => limit)),
    waste: sumKnown(rows.map((row) => wasteOf(row, field))),
    unmeasured: wholes.filter(({ used }) => used === null).length,
  }
}

export function totalsOf(rows: readonly ServiceRow[]): Totals {
  return {
    services: rows.length,
    pods: sumKnown(rows.map(podsOf)),
    cpu: resourceTotals(rows, 'cpu'),
    mem: resourceTotals(rows, 'mem'),
  }
}

export interface Ranked {
  row: ServiceRow
  value: number
}

const TOP = 10

/** The rows with the largest values, largest first. */
export function topOf(
  rows: readonly ServiceRow[],
  valueOf: (row: ServiceRow) => number | null,
): Ranked[] {
  return rows
    .flatMap((row) => {
      const value = valueOf(row)
      return value === null || value === 0 ? [] : [{ row, value }]
    })
    .sort((a, b) => b.value - a.value)
    .slice(0, TOP)
}

/** How many services have each flag, the most frequent first. */
export function flagCounts(rows: readonly ServiceRow[]): { flag: string; count: number }[] {
  const counts = new Map<string, number>()
  for (const { service } of rows) {
    for (const flag of service.flags) counts.set(flag, (counts.get(flag) ?? 0) + 1)
  }
  return [...counts].map(([flag, count]) => ({ flag, count })).sort((a, b) => b.count - a.count)
}

/** Rows by what is told of each, such as its namespace. */
export function grouped(
  rows: readonly ServiceRow[],
  nameOf: (row: ServiceRow) => string,
): Map<string, ServiceRow[]> {
  const groups = new Map<string, ServiceRow[]>()
  for (const row of rows) {
    const name = nameOf(row)
    const group = groups.get(name)
    if (group) group.push(row)
    else groups.set(name, [row])
  }
  return groups
}

export interface Prices {
  /** Of a core a month; 0 is not known. */
  core_month: number
  /** Of a GiB a month; 0 is not known. */
  gib_month: number
}

const CORE_M = 1000
const GIB_MIB = 1024

const priced = (amount: number | null, unit: number, price: number) =>
  amount === null || price === 0 ? null : (amount / unit) * price

type Wasted = Record<Field, { waste: number | null }>

/** What is asked for and not used costs a month; null where it, or its price, is not known. */
export const costsOf = ({ cpu, mem }: Wasted, { core_month, gib_month }: Prices) => ({
  cpu: priced(cpu.waste, CORE_M, core_month),
  mem: priced(mem.waste, GIB_MIB, gib_month),
})

/** The same as one sum; null where nothing of it is known. */
export function costOf(wasted: Wasted, prices: Prices | null): number | null {
  if (!prices) return null
  const { cpu, mem } = costsOf(wasted, prices)
  return sumKnown([cpu, mem])
}

/** What a service asks for and does not use costs a month. */
export const costOfRow = (row: ServiceRow, prices: Prices | null): number | null =>
  costOf({ cpu: { waste: wasteOf(row, 'cpu') }, mem: { waste: wasteOf(row, 'mem') } }, prices)

/** What all pods run with beyond their governed requests: what these free; negative where they ask for more. */
export function projectionOf(rows: readonly ServiceRow[]) {
  const freed = (row: ServiceRow, field: Field) => {
    const governed = field === 'cpu' ? row.governedCpu.request : row.governedMem.request
    const runsWith = row[field].request
    return runsWith === null || governed === null ? null : times(runsWith - governed, podsOf(row))
  }
  const all = rows.map((row) => ({ cpu: freed(row, 'cpu'), mem: freed(row, 'mem') }))
  return {
    cpu: sumKnown(all.map(({ cpu }) => cpu)),
    mem: sumKnown(all.map(({ mem }) => mem)),
    /** Services of which it is known of neither. */
    unknown: all.filter(({ cpu, mem }) => cpu === null && mem === null).length,
  }
}
