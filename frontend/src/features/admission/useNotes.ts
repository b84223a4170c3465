// What admission changes and notes, in the console's language, from their codes and values.
import { useI18n } from 'vue-i18n'
import type { Admission } from '@/api/types'

export type AdmissionChange = Admission['changes'][number]
export type AdmissionNote = Admission['notes'][number]
type Value = Pick<AdmissionChange, 'container' | 'resource' | 'kind'>

export function useNotes() {
  const { t } = useI18n()

  /** `app: CPU request`, or `replicas`. */
  function valueName({ container, resource, kind }: Value): string {
    if (resource === 'replicas') return t('note.replicas')
    const words = t(`note.${resource}_${kind}`)
    return container ? `${container} ${words}` : words
  }

  const shown = (text: string | null) => text ?? t('note.unset')
  const source = ({ source: from }: AdmissionChange) => (from ? t(`note.source_${from}`) : '')

  function change(one: AdmissionChange): string {
    const words = `${valueName(one)} ${shown(one.before)} → ${one.after}`
    return one.source ? `${words} (${source(one)})` : words
  }

  function note({ code, parameters }: AdmissionNote): string {
    const { container, resource, kind, before } = parameters
    const about = { container, resource, kind: kind ?? 'request' } as Value
    return t(`note.${code}`, {
      ...parameters,
      what: container && resource ? valueName(about) : '',
      before: before === 'none' ? t('note.unset') : before,
      resource: resource ? t(`note.resource_${resource}`) : '',
    })
  }

  /** A decision, a line each; in `observe` what would have become of it. */
  function lines({ outcome, changes, notes }: Pick<Admission, 'outcome' | 'changes' | 'notes'>) {
    const would = (text: string) =>
      outcome === 'would_patch' ? t('note.would', { change: text }) : text
    const refused = (text: string) =>
      outcome === 'would_deny' ? t('note.wouldRefuse', { note: text }) : text
    return [...changes.map((one) => would(change(one))), ...notes.map((one) => refused(note(one)))]
  }
  return { valueName, shown, source, change, note, lines }
}
