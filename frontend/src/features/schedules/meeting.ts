// Schedules that act on the same services as another one. Pure.
import type { ScheduleSummary } from '@/api/types'
import type { ServiceName } from '@/features/operations/form'

const fits = (pattern: string, name: string) => {
  const escaped = pattern.replace(/[.+^${}()|[\]\\]/g, '\\$&')
  return new RegExp(`^${escaped.replaceAll('*', '.*').replaceAll('?', '.')}$`).test(name)
}

/** Whether a schedule means a service; one that goes by labels may: only the cluster knows. */
function means({ targets, selector }: ScheduleSummary, one: ServiceName): boolean {
  if (!selector)
    return (targets ?? []).some((it) => it.namespace === one.namespace && it.name === one.name)
  const { namespaces = [], labels = '', name = '' } = selector
  const within = namespaces.length === 0 || namespaces.includes(one.namespace)
  return labels === '' && within && fits(name || '*', one.name)
}

/** The other enabled schedules of the same kind that mean one of the services, and the first one of these. */
export function meeting(
  others: readonly ScheduleSummary[],
  { id, kind }: { id: string | null; kind: ScheduleSummary['kind'] },
  services: readonly ServiceName[],
): { schedule: ScheduleSummary; service: ServiceName }[] {
  return others
    .filter((one) => one.id !== id && one.enabled && one.kind === kind)
    .flatMap((schedule) => {
      const service = services.find((one) => means(schedule, one))
      return service ? [{ schedule, service }] : []
    })
}
