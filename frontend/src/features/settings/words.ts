// Settings in words: ours where there are any, else what the API says of them.
import { useI18n } from 'vue-i18n'
import type { Setting } from '@/api/types'

export function useSettingWords() {
  const i18n = useI18n()
  const either = (key: string, otherwise: string) => (i18n.te(key) ? i18n.t(key) : otherwise)

  /** A kind of event, such as `change.mode`. */
  const kind = (value: string) => either(`kind.${value.replaceAll('.', '_')}`, value)
  const name = ({ key }: Setting) => either(`settings.${key}`, key)
  const text = ({ key, description }: Setting) => either(`settings.${key}_text`, description)
  const choice = (key: Setting['key'], value: string) =>
    key === 'notify_kinds' ? kind(value) : either(`settings.choice_${value}`, value)
  const unit = ({ unit: own }: Setting) => either(`settings.unit_${own}`, own)
  /** A number that a text of several sets by name. */
  const number = (of: string) => either(`settings.number_${of}`, of)
  return { kind, name, number, text, choice, unit }
}
