// Applies drafts in one commit, all or none; says which of them stand in the way, and how to take it back.
import { useQueryClient } from '@tanstack/vue-query'
import { ref } from 'vue'
import { refreshServices, saveEdits } from '../api'
import { editOf, reverse, type Draft } from './drafts'
import { outcomesOf, type Outcome } from './outcomes'
import { useDrafts } from './store'

const toEdit = (draft: Draft) => ({ ...draft, edit: editOf(draft) })

/** Drafts by their env: a commit is of one env. */
function byEnv(drafts: readonly Draft[]): Draft[][] {
  const groups = new Map<string, Draft[]>()
  for (const draft of drafts) {
    const { env } = draft.service
    groups.set(env, [...(groups.get(env) ?? []), draft])
  }
  return [...groups.values()]
}

async function send(drafts: readonly Draft[]): Promise<Draft[]> {
  const reversed: Draft[] = []
  for (const group of byEnv(drafts)) {
    const version = await saveEdits(group.map(toEdit))
    reversed.push(...group.map((draft) => reverse(draft, version)))
  }
  return reversed
}

export function useApply() {
  const client = useQueryClient()
  const drafts = useDrafts()
  const outcomes = ref(new Map<string, Outcome>())
  const problem = ref('')
  const busy = ref(false)

  /** Apply some drafts; they stay as they are where that fails. */
  async function apply(some: readonly Draft[]): Promise<void> {
    busy.value = true
    problem.value = ''
    outcomes.value = new Map()
    try {
      const back = await send(some)
      for (const { service } of some) drafts.discard(service)
      const undo = async () => {
        await send(back)
        await refreshServices(client)
      }
      drafts.finish({ key: 'edit.applied', n: some.length, undo })
    } catch (error) {
      outcomes.value = outcomesOf(error, some)
      problem.value = error instanceof Error ? error.message : String(error)
    }
    await refreshServices(client)
    busy.value = false
  }

  return { outcomes, problem, busy, apply }
}
