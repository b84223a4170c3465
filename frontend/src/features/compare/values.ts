// The values of one service in two envs, side by side. Pure.
import type { Service } from '@/api/types'
import type { Change, CellValue, ContainerField } from '@/features/services/edit/drafts'

const FIELDS: readonly ContainerField[] = [
  'request_cpu_m',
  'limit_cpu_m',
  'request_mem_mib',
  'limit_mem_mib',
]

/** A value that both have, or one of them. */
export interface Compared {
  key: string
  /** Null: of the service as a whole. */
  container: string | null
  field: 'replicas_manual' | ContainerField
  /** What is governed in each env; undefined where the other has no such container. */
  left: CellValue | undefined
  right: CellValue | undefined
  /** What a person set in the right one. */
  rightExpert: CellValue
}

export function comparedOf(left: Service, right: Service): Compared[] {
  const count: Compared = {
    key: 'replicas_manual',
    container: null,
    field: 'replicas_manual',
    left: left.replicas.effective,
    right: right.replicas.effective,
    rightExpert: right.replicas.manual,
  }
  const names = new Set([...left.containers, ...right.containers].map(({ name }) => name))
  const containers = [...names].flatMap((name) => {
    const [a, b] = [left, right].map(({ containers: all }) => all.find((one) => one.name === name))
    return FIELDS.map((field) => ({
      key: `${name}/${field}`,
      container: name,
      field,
      left: a?.effective[field],
      right: b?.effective[field],
      rightExpert: b?.expert[field] ?? null,
    }))
  })
  return [count, ...containers]
}

/** Whether the left one's value can become a draft of the right one. */
export const canCopy = ({ left, right }: Compared) =>
  left !== undefined && left !== null && right !== undefined && left !== right

/** The change of the right one that makes it as the left one is. */
export const changeOf = ({ container, field, left, right, rightExpert }: Compared): Change => ({
  container,
  field,
  shown: right ?? null,
  before: rightExpert,
  after: left ?? null,
})
