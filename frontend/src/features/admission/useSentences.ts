// What admission says, in the console's language; the API's own words for what is not known here.
import { useI18n } from 'vue-i18n'
import type { DriftItem } from '@/api/types'
import { saidBy, whatOf } from './sentences'

export function useSentences() {
  const i18n = useI18n()
  const { t } = i18n

  /** `app: cpu request` in words. */
  function what(text: string): string {
    const found = whatOf(text)
    if (!found) return text
    const words = t(`sentence.${found.key}`)
    return found.named['container'] ? `${found.named['container']} ${words}` : words
  }

  /** Where a value comes from. */
  const reason = (why: string) => (i18n.te(`sentence.why_${why}`) ? t(`sentence.why_${why}`) : why)

  /** A value that is not set is told so. */
  const value = (text: string) => (text === 'none' ? t('sentence.unset') : text)

  function sentence(text: string): string {
    const found = saidBy(text)
    if (!found) return text
    const { why = '' } = found.named
    const words = t(`sentence.${found.key}`, {
      ...found.named,
      what: what(found.named['what'] ?? ''),
      before: value(found.named['before'] ?? ''),
      after: value(found.named['after'] ?? ''),
    })
    return why ? `${words} (${reason(why)})` : words
  }

  const change = ({ what: text, before, after }: DriftItem['changes'][number]) =>
    `${what(text)} ${value(before)} → ${value(after)}`
  return { what, value, reason, sentence, change }
}
