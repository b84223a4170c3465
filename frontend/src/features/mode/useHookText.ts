// What stands in the cluster, in words: from the API's codes, with its own sentence where the cluster said something.
import { useI18n } from 'vue-i18n'
import type { EnvMode } from '@/api/types'

export function useHookText() {
  const { t } = useI18n()
  return ({ state, reason, detail }: EnvMode['hook']): string => {
    if (state === 'unknown') return `${t('admission.hook_unknown')} ${detail}`
    return t(reason === '' ? `admission.hook_${state}` : `admission.hook_${reason}`)
  }
}
