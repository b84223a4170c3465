// What a finding and the changes before it say in words, in the console's language.
import { useI18n } from 'vue-i18n'
import type { Finding, FindingChange } from '@/api/types'
import { useFormat } from '@/ui/useFormat'

const VALUES = ['limit_mem_mib', 'request_mem_mib', 'limit_cpu_m', 'request_cpu_m', 'replicas']
const UNITS: Record<string, string> = { mib: ' MiB', m: ' m' }
const unitOf = (what: string) => UNITS[what.split('_').at(-1) ?? ''] ?? ''

export function useFindingWords() {
  const { t } = useI18n()
  const { minute } = useFormat()

  /** What is wrong, with the figures of what was seen first; what is not told of them is a question mark. */
  function headline({ kind, container, evidence }: Finding): string {
    const unknown = { restarts: '?', exit_code: '?', image: '?', reason: '?', pod: '?' }
    const counts = {
      available: '?',
      updated: '?',
      desired: '?',
      resource: '?',
      quota: '?',
      used: '?',
      hard: '?',
    }
    const rest = { condition: '?', user: '?', value: '?', threshold: '?' }
    const told = evidence[0]?.parameters ?? {}
    const missing = missingOf(told)
    return t(`finding.kind_${kind}`, {
      ...unknown,
      ...counts,
      ...rest,
      ...told,
      missing,
      container: container || '?',
    })
  }

  /** What a container can't be created for want of, else what Kubernetes says of it. */
  function missingOf(told: Finding['evidence'][number]['parameters']): string {
    const { missing_kind: object, missing_name: name, missing_key: key, said, reason } = told
    if (name === undefined) return String(said || reason || '?')
    return key === undefined
      ? t('finding.missing', { object: object ?? '', name })
      : t('finding.missingKey', { object: object ?? '', name, key })
  }

  function aspect({ name, container, before, after }: FindingChange['aspects'][number]): string {
    const what = name.split(' ')[0] ?? name
    const of = container ? ` ${container}` : ''
    if (VALUES.includes(what)) {
      const written = (value: string | number | null) =>
        value === null ? t('finding.noValue') : `${value}${unitOf(what)}`
      return `${t(`finding.value_${what}`)}${of} ${written(before)} → ${written(after)}`
    }
    const known = ['image', 'template', 'placement', 'mode', 'setting', 'restart', 'resize', 'node']
    const word = known.includes(what) ? t(`finding.aspect_${what}`) : name
    // Values of settings are JSON.
    const values = [before, after]
      .filter((value) => value !== null)
      .join(' → ')
      .replace(/"/g, '')
    return `${word}${what === 'mode' ? '' : of} ${values}`.trim()
  }

  /** What was changed, by whom and when. */
  const before = ({ aspects, code, by, at, namespace, name }: FindingChange): string => {
    const what = aspects.map(aspect).join(', ')
    const who = t(`finding.by_${code}`, { by, name: [namespace, name].filter(Boolean).join('/') })
    return `${what}; ${who}, ${minute(at)}`
  }
  return { headline, before }
}
