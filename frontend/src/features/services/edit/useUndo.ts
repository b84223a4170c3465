// Takes back what was done last, unless somebody changed the same rows since.
import { ref, watch } from 'vue'
import { useDrafts } from './store'

export function useUndo() {
  const drafts = useDrafts()
  const busy = ref(false)
  const error = ref('')
  const undone = ref(false)
  watch(
    () => drafts.done,
    (done) => {
      if (done) [undone.value, error.value] = [false, '']
    },
  )

  async function undo() {
    const undo = drafts.done?.undo
    if (!undo) return
    busy.value = true
    error.value = ''
    try {
      await undo()
      drafts.finish(null)
      undone.value = true
    } catch (reason) {
      error.value = reason instanceof Error ? reason.message : String(reason)
    }
    busy.value = false
  }

  function dismiss() {
    drafts.finish(null)
    undone.value = false
  }
  return { undo, dismiss, busy, error, undone }
}
