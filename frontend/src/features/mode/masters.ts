// What else the services of an env answer to, as lines of the check list before `enforce`. Pure.
import type { Readiness } from '@/api/types'

export interface OtherMasters {
  /** Key of a message of `readiness`, which takes the number of lines. */
  key: 'autoscaled' | 'bounded' | 'quotas' | 'vertical' | 'optedOut' | 'untold'
  lines: string[]
}

type Words = (key: string, values: Record<string, string | number>) => string

/** The parts of which there is something to say, in the order in which they are shown. */
export function othersOf(readiness: Readiness, t: Words): OtherMasters[] {
  const none = t('edit.notSet', {})
  const parts: OtherMasters[] = [
    {
      key: 'autoscaled',
      lines: readiness.autoscaled.map((one) =>
        t(one.left_alone ? 'readiness.leftAlone' : 'readiness.pinned', {
          service: `${one.namespace}/${one.name}`,
          autoscaler: one.autoscaler || t('service.autoscalerUnnamed', {}),
          live: one.live ?? none,
          governed: one.governed ?? none,
        }),
      ),
    },
    {
      key: 'bounded',
      lines: readiness.bounded.map((one) => `${one.namespace}/${one.name}`),
    },
    {
      key: 'quotas',
      lines: readiness.quotas_exceeded.map(({ namespace, quota, resource, governed, hard }) =>
        t('readiness.quotaLine', { namespace, quota, resource, governed, hard }),
      ),
    },
    {
      key: 'vertical',
      lines: readiness.vertical.map((one) => `${one.namespace}/${one.name} (${one.autoscaler})`),
    },
    {
      key: 'optedOut',
      lines: readiness.opted_out,
    },
    {
      key: 'untold',
      lines: readiness.untold.map(({ resource, detail }) => `${resource}: ${detail}`),
    },
  ]
  return parts.filter(({ lines }) => lines.length > 0)
}
