/** Which sentence says where a derived value comes from: each rule has its own. */
import type { Service } from '@/api/types'

type Provenance = Service['provenance']

const CPU = {
  '': 'service.whyText',
  peak_day: 'service.whyText',
  own_peak: 'service.whyOwnPeak',
  whole_day: 'service.whyWholeDay',
  fleet: 'service.whyFleet',
}

export const cpuText = (rule: Provenance['request_rule']): string => CPU[rule]

/** Memory is of the peak hours whatever the rule of cpu, unless one day is all services'. */
export const memText = (
  rule: Provenance['request_rule'],
  memory: Provenance['memory_rule'],
): string => {
  if (memory === 'max') return 'service.whyMemMax'
  return rule === 'fleet' ? 'service.whyFleet' : 'service.whyText'
}
