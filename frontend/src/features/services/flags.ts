// The flags of the API in words, each with a shape and what kind of matter it is.
import { useI18n } from 'vue-i18n'

type Kind = 'risk' | 'waste' | 'unknown'

const SHAPES: Record<Kind, string> = { risk: '▲', waste: '◆', unknown: '○' }

function kindOf(flag: string): Kind {
  if (flag.startsWith('over_requested')) return 'waste'
  return ['not_seen', 'low_coverage', 'no_replicas', 'no_owner'].includes(flag) ? 'unknown' : 'risk'
}

export function useFlagWords() {
  const i18n = useI18n()
  return (flag: string) => {
    const kind = kindOf(flag)
    const text = i18n.te(`flag.${flag}`) ? i18n.t(`flag.${flag}`) : flag
    return { kind, shape: SHAPES[kind], text }
  }
}
