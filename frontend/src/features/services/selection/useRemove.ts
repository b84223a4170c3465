// Removes services one after another, says which could not be, and remembers how to bring them back.
import { useQueryClient } from '@tanstack/vue-query'
import { ref } from 'vue'
import { api } from '@/api/client'
import type { Service } from '@/api/types'
import { importServices, refreshServices } from '../api'
import { idOf } from '../edit/drafts'
import { useDrafts } from '../edit/store'
import { expertOf } from '../expert'
import { useSelection } from './store'

interface Failure {
  service: Service
  message: string
}

async function removeOne({ env, namespace, name, version }: Service): Promise<void> {
  const params = { path: { env, namespace, name }, header: { 'If-Match': version } }
  await api.DELETE('/api/v1/envs/{env}/services/{namespace}/{name}', { params })
}

export function useRemove() {
  const client = useQueryClient()
  const drafts = useDrafts()
  const selection = useSelection()
  const busy = ref(false)
  const failures = ref<Failure[]>([])

  async function bringBack(gone: readonly Service[]) {
    for (const env of new Set(gone.map((service) => service.env))) {
      const services = gone
        .filter((service) => service.env === env)
        .map((service) => {
          const { namespace, name } = service
          return { namespace, name, ...expertOf(service) }
        })
      await importServices(env, { services, dry_run: false })
    }
    await refreshServices(client)
  }

  /** Resolves with those that were removed. */
  async function remove(services: readonly Service[]): Promise<Service[]> {
    busy.value = true
    failures.value = []
    const gone: Service[] = []
    for (const service of services) {
      try {
        await removeOne(service)
        drafts.discard(service)
        gone.push(service)
      } catch (error) {
        const message = error instanceof Error ? error.message : String(error)
        failures.value = [...failures.value, { service, message }]
      }
    }
    selection.remove(gone.map(idOf))
    if (gone.length > 0) {
      drafts.finish({ key: 'remove.removed', n: gone.length, undo: () => bringBack(gone) })
    }
    await refreshServices(client)
    busy.value = false
    return gone
  }

  return { remove, busy, failures }
}
