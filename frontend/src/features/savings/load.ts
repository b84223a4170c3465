// The load that each pod had, day by day, beside what a pod was proved to bear. Pure.
import type { ContainerDay, TrafficDay } from '@/api/types'
import { valuesOn } from '@/ui/chart/days'
import type { Line } from '@/ui/chart/options'

interface Trend {
  days: readonly Pick<ContainerDay, 'date' | 'pod_count'>[]
  traffic: readonly Pick<TrafficDay, 'date' | 'qps_p95'>[]
}

/** A day whose pods or requests are not known is a gap. */
export function loadLines(
  days: readonly string[],
  { days: counted, traffic }: Trend,
  proved: number,
  words: Record<'load' | 'proved', string>,
): Line[] {
  const pods = new Map(counted.map(({ date, pod_count }) => [date, pod_count]))
  const perPod = ({ date, qps_p95: qps }: Trend['traffic'][number]) => {
    const count = pods.get(date) ?? 0
    return qps === null || count === 0 ? null : qps / count
  }
  return [
    { name: words.load, kind: 'use', values: valuesOn(days, traffic, perPod) },
    { name: words.proved, kind: 'limit', values: days.map(() => proved) },
  ]
}
