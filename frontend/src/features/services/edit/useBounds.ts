// What LimitRanges and quotas would make of the drafts, asked before they are applied.
import { ref, watch } from 'vue'
import { tryEdits } from '../api'
import { byEnv, editOf, idOf, type Draft } from './drafts'
import { useBoundsWords } from './useBoundsWords'

interface Bounds {
  /** Lines about a service, by its id. */
  services: Map<string, string[]>
  /** Lines about the quotas of the namespaces. */
  quotas: string[]
}

export function useBounds(drafts: () => readonly Draft[]) {
  const words = useBoundsWords()
  const bounds = ref<Bounds>({ services: new Map(), quotas: [] })

  async function ask(some: readonly Draft[]): Promise<Bounds> {
    const found: Bounds = { services: new Map(), quotas: [] }
    for (const group of byEnv(some).values()) {
      const env = group[0]?.service.env ?? ''
      const answer = await tryEdits(
        env,
        group.map((draft) => ({ ...draft, edit: editOf(draft) })),
      )
      for (const item of answer.items) {
        if (item.notes.length > 0)
          found.services.set(idOf({ ...item, env }), words.notes(item.notes))
      }
      found.quotas.push(...words.quotas(answer.quotas_exceeded))
    }
    return found
  }

  let asked = 0
  watch(
    drafts,
    async (some) => {
      const mine = ++asked
      // What is refused is said where it is applied, for each draft.
      const found = await ask(some).catch(() => ({ services: new Map(), quotas: [] }))
      if (mine === asked) bounds.value = found
    },
    { immediate: true },
  )
  return bounds
}
