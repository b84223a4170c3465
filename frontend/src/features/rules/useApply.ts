// Writes settings one after the other, each an audited change, and takes them back.
import { computed, ref, type Ref } from 'vue'
import { useQueryClient } from '@tanstack/vue-query'
import type { Setting } from '@/api/types'
import { useChangeSetting } from '@/features/settings/api'
import { undoOf, type SettingWrite } from './rule'

export function useApply(env: Ref<string>) {
  const change = useChangeSetting(env)
  const client = useQueryClient()
  /** What was written, with what stood before. */
  const written = ref<{ before: Setting; after: Setting }[]>([])
  /** Whether all was written, or something failed. */
  const complete = ref(false)
  const applied = computed(() => (complete.value ? written.value : []))
  const busy = ref(false)
  const failed = ref<Error | null>(null)

  async function run(work: () => Promise<void>) {
    busy.value = true
    failed.value = null
    try {
      await work()
    } catch (error) {
      failed.value = error instanceof Error ? error : new Error(String(error))
    } finally {
      busy.value = false
      complete.value = true
      await client.invalidateQueries({ queryKey: ['replay'] })
      await client.invalidateQueries({ queryKey: ['peak-hours'] })
    }
  }

  /** What failed leaves what was written before it, which can be undone. */
  const apply = (writes: readonly SettingWrite[]) =>
    run(async () => {
      written.value = []
      complete.value = false
      for (const { setting, value } of writes) {
        const after = await change.mutateAsync({ setting, value })
        written.value = [...written.value, { before: setting, after }]
      }
    })

  const undo = () =>
    run(async () => {
      for (const one of undoOf(written.value).reverse()) {
        await change.mutateAsync(one)
        written.value = written.value.slice(0, -1)
      }
    })

  return { apply, undo, applied, busy, failed }
}
