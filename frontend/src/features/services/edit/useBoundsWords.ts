// What LimitRanges and quotas make of an edit, in words.
import { useI18n } from 'vue-i18n'
import type { BulkResult } from '@/api/types'
import { useNotes } from '@/features/admission/useNotes'

type Told = Pick<BulkResult['items'][number], 'notes'> & Pick<BulkResult, 'quotas_exceeded'>

export function useBoundsWords() {
  const { t } = useI18n()
  const { note } = useNotes()
  const notes = (some: Told['notes']) => some.map(note)
  const quotas = (some: Told['quotas_exceeded']) =>
    some.map((one) => `${t('edit.quotaExceeded')} ${t('readiness.quotaLine', { ...one })}`)

  /** All that the answer to the edit of one service says, a line each. */
  const lines = (told: Told) => [...notes(told.notes), ...quotas(told.quotas_exceeded)]
  return { notes, quotas, lines }
}
