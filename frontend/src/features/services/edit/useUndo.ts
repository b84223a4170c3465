// Takes the last applied changes back, unless somebody changed the same rows since.
import { useQueryClient } from '@tanstack/vue-query'
import { ref, watch } from 'vue'
import { saveDraft } from '../api'
import { useDrafts } from './store'

export function useUndo() {
  const client = useQueryClient()
  const drafts = useDrafts()
  const busy = ref(false)
  const error = ref('')
  const undone = ref(false)
  watch(
    () => drafts.undo,
    (undo) => {
      if (undo.length > 0 && !busy.value) [undone.value, error.value] = [false, '']
    },
  )

  async function takeBack() {
    busy.value = true
    error.value = ''
    const left = [...drafts.undo]
    try {
      for (let draft = left[0]; draft; draft = left[0]) {
        await saveDraft(draft)
        left.shift()
      }
      undone.value = true
    } catch (reason) {
      error.value = reason instanceof Error ? reason.message : String(reason)
    }
    drafts.remember(left)
    await client.invalidateQueries({ queryKey: ['services'] })
    await client.invalidateQueries({ queryKey: ['service'] })
    await client.invalidateQueries({ queryKey: ['revisions'] })
    busy.value = false
  }

  return { takeBack, busy, error, undone }
}
