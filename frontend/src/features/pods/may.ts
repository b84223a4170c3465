// Which actions on pods somebody may use in a namespace, and what stands against the others. Pure.
import type { Schemas } from '@/api/types'

type Groups = Schemas['ActionGroups']
export type Grant = Schemas['GrantView']
/** What has buttons: rights, each of which needs the group of its name, but for dumps. */
export const SHOWN = ['logs', 'diagnose', 'dump', 'delete', 'isolate', 'exec'] as const
export type Shown = (typeof SHOWN)[number]
export const groupOf = (name: Shown) => (name === 'dump' ? 'diagnose' : name)

/** `off`: not switched on in the chart; `elsewhere`: in other namespaces alone; `right`: the grant lacks it. */
export type Against = 'off' | 'elsewhere' | 'right'

const matches = (expression: string, name: string) => {
  try {
    return new RegExp(`^(?:${expression})$`).test(name)
  } catch {
    // An expression of RE2 that JavaScript has no word for: the API decides.
    return true
  }
}

/** Whether one of the grants has a right there; what touches a pod takes the role operator besides. */
function hasRight(grants: readonly Grant[], right: Shown, env: string, namespace: string) {
  const there = grants.filter((one) => matches(one.env, env) && matches(one.namespace, namespace))
  const acts = right === 'logs' || there.some(({ role }) => role !== 'viewer')
  return acts && there.some(({ may }) => may.includes(right))
}

/** What stands against each action; null for those that can be used. */
export function against(
  { groups, namespaces }: Groups,
  grants: readonly Grant[],
  env: string,
  namespace: string,
): Record<Shown, Against | null> {
  const elsewhere = namespaces.length > 0 && !namespaces.includes(namespace)
  const of = (name: Shown): Against | null => {
    if (groups.find((one) => one.name === groupOf(name))?.on !== true) return 'off'
    if (elsewhere) return 'elsewhere'
    return hasRight(grants, name, env, namespace) ? null : 'right'
  }
  return {
    logs: of('logs'),
    diagnose: of('diagnose'),
    dump: of('dump'),
    delete: of('delete'),
    isolate: of('isolate'),
    exec: of('exec'),
  }
}
