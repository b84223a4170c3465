// The flags of the API in words, each with a shape and what kind of matter it is.
import { useI18n } from 'vue-i18n'
import type { Service, ServiceFlag } from '@/api/types'
import { useFormat } from '@/ui/useFormat'
import { ratioOf } from './row'

type Kind = 'risk' | 'waste' | 'fresh' | 'unknown'

const SHAPES: Record<Kind, string> = { risk: '▲', waste: '◆', fresh: '●', unknown: '○' }
const WEIGHTS: Record<Kind, number> = { risk: 0, waste: 1, fresh: 2, unknown: 3 }

/** Every flag that the API gives. */
const KINDS: Readonly<Record<ServiceFlag, Kind>> = {
  oom_killed: 'risk',
  near_limit_cpu: 'risk',
  near_limit_mem: 'risk',
  throttled: 'risk',
  errors: 'risk',
  slow: 'risk',
  gc_overhead: 'risk',
  heap_full: 'risk',
  under_requested_cpu: 'risk',
  under_requested_mem: 'risk',
  hot_pod: 'risk',
  unlimited_cpu: 'risk',
  unlimited_mem: 'risk',
  peaks_elsewhere: 'risk',
  over_requested_cpu: 'waste',
  over_requested_mem: 'waste',
  new: 'fresh',
  not_seen: 'unknown',
  low_coverage: 'unknown',
  no_replicas: 'unknown',
  no_owner: 'unknown',
}
export const FLAGS = Object.keys(KINDS) as ServiceFlag[]

function kindOf(flag: string): Kind {
  return flag in KINDS ? KINDS[flag as ServiceFlag] : 'risk'
}

const FEW = 10

/** `8.2`, and from ten times on without decimals. */
const timesText = (times: number, count: (value: number) => string) =>
  times < FEW ? times.toFixed(1) : count(Math.round(times))

/** The graver first; those of one kind as they came. */
export const byWeight = (a: { kind: Kind }, b: { kind: Kind }) => WEIGHTS[a.kind] - WEIGHTS[b.kind]

export function useFlagWords() {
  const i18n = useI18n()
  const { count } = useFormat()

  /** @param of whose flag it is, where the words may say how much it is. */
  return (flag: string, of?: Pick<Service, 'containers'>) => {
    const kind = kindOf(flag)
    const text = i18n.te(`flag.${flag}`) ? i18n.t(`flag.${flag}`) : flag
    const ratio = of && ratioOf(of, flag)
    const full = ratio ? i18n.t(ratio.words, { times: timesText(ratio.times, count) }) : text
    return { kind, shape: SHAPES[kind], text, full }
  }
}
