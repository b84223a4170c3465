// The flags of the API in words, each with a shape and what kind of matter it is.
import { useI18n } from 'vue-i18n'

type Kind = 'risk' | 'waste' | 'fresh' | 'unknown'

const SHAPES: Record<Kind, string> = { risk: '▲', waste: '◆', fresh: '●', unknown: '○' }
const WEIGHTS: Record<Kind, number> = { risk: 0, waste: 1, fresh: 2, unknown: 3 }

function kindOf(flag: string): Kind {
  if (flag === 'new') return 'fresh'
  if (flag.startsWith('over_requested')) return 'waste'
  return ['not_seen', 'low_coverage', 'no_replicas', 'no_owner'].includes(flag) ? 'unknown' : 'risk'
}

/** The graver first; those of one kind as they came. */
export const byWeight = (a: { kind: Kind }, b: { kind: Kind }) => WEIGHTS[a.kind] - WEIGHTS[b.kind]

export function useFlagWords() {
  const i18n = useI18n()
  return (flag: string) => {
    const kind = kindOf(flag)
    const text = i18n.te(`flag.${flag}`) ? i18n.t(`flag.${flag}`) : flag
    return { kind, shape: SHAPES[kind], text }
  }
}
