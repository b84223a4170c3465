// What operations and runs of schedules have to say, in the console's language, from the API's codes.
import { useI18n } from 'vue-i18n'
import type { OperationNote } from '@/api/types'
import { problemText } from '@/api/words'

export function useOperationNotes() {
  const i18n = useI18n()
  const { t } = i18n

  function note({ code, parameters }: OperationNote): string {
    const { problem, text } = parameters
    if (problem !== undefined) {
      const document = { code: String(problem), detail: String(text), parameters }
      return problemText(document, { t, te: (key) => i18n.te(key) })
    }
    return t(`operationNote.${code}`, parameters)
  }

  const notes = (all: OperationNote[]) => all.map(note).join('; ')
  return { note, notes }
}
