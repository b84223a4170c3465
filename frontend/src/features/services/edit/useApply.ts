// Applies drafts in one commit, all or none; says which of them stand in the way, and how to take it back.
import { useQueryClient } from '@tanstack/vue-query'
import { ref } from 'vue'
import { refreshServices, saveEdits, showServices, type Saved } from '../api'
import { byEnv, editOf, reverse, type Draft } from './drafts'
import { outcomesOf, type Outcome } from './outcomes'
import { useDrafts } from './store'

const toEdit = (draft: Draft) => ({ ...draft, edit: editOf(draft) })

interface Sent {
  /** The drafts that take it back. */
  back: Draft[]
  services: Saved['services']
}

async function send(drafts: readonly Draft[]): Promise<Sent> {
  const sent: Sent = { back: [], services: [] }
  for (const group of byEnv(drafts).values()) {
    const { version, services } = await saveEdits(group.map(toEdit))
    sent.back.push(...group.map((draft) => reverse(draft, version)))
    sent.services = sent.services && services && [...sent.services, ...services]
  }
  return sent
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
      const { back, services } = await send(some)
      await showServices(client, services)
      for (const { service } of some) drafts.discard(service)
      const undo = async () => showServices(client, (await send(back)).services)
      drafts.finish({ key: 'edit.applied', n: some.length, undo })
    } catch (error) {
      outcomes.value = outcomesOf(error, some)
      problem.value = error instanceof Error ? error.message : String(error)
      await refreshServices(client)
    }
    busy.value = false
  }

  return { outcomes, problem, busy, apply }
}
