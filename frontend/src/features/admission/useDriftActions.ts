// What can be done about drift: enter what runs, have the cluster come back, register what is not.
import { useQueryClient } from '@tanstack/vue-query'
import { ref, type Ref } from 'vue'
import { api, bodyOf } from '@/api/client'
import type { DriftItem, Service } from '@/api/types'
import { importServices, refreshServices, saveEdits } from '@/features/services/api'
import { useDrafts } from '@/features/services/edit/store'
import { editBackTo, expertOf } from '@/features/services/expert'
import { acceptEdit, isEmptyEdit, onlyReplicas } from './drift'

interface Named {
  namespace: string
  name: string
}

export function useDriftActions(env: Ref<string>) {
  const client = useQueryClient()
  const drafts = useDrafts()
  const busy = ref(false)
  const error = ref('')

  async function guarded(work: () => Promise<void>): Promise<boolean> {
    busy.value = true
    error.value = ''
    try {
      await work()
    } catch (reason) {
      error.value = reason instanceof Error ? reason.message : String(reason)
    }
    await Promise.all([
      refreshServices(client),
      client.invalidateQueries({ queryKey: ['readiness'] }),
    ])
    busy.value = false
    return error.value === ''
  }

  /** Make the live values the governed ones. */
  const accept = (items: readonly DriftItem[], services: readonly Service[]) =>
    guarded(async () => {
      const pairs = items.flatMap((item) => {
        const service = services.find(
          (one) => one.namespace === item.namespace && one.name === item.name,
        )
        const edit = acceptEdit(item.changes)
        return service && !isEmptyEdit(edit) ? [{ service, edit }] : []
      })
      const keyOf = ({ namespace, name }: Named) => ({
        env: env.value,
        namespace,
        name,
      })
      const { version } = await saveEdits(
        pairs.map(({ service, edit }) => ({
          service: keyOf(service),
          version: service.version,
          edit,
        })),
      )
      const undo = async () => {
        await saveEdits(
          pairs.map(({ service, edit }) => ({
            service: keyOf(service),
            version,
            edit: editBackTo(expertOf(service), edit),
          })),
        )
        await refreshServices(client)
      }
      drafts.finish({ key: 'drift.accepted', n: pairs.length, undo })
    })

  /** Ask the cluster for the governed values: counts alone by scaling, the rest by a restart. */
  const restore = (items: readonly DriftItem[]) =>
    guarded(async () => {
      const target = ({ namespace, name }: Named) => ({ namespace, name })
      const kinds = [
        { kind: 'scale' as const, targets: items.filter(onlyReplicas).map(target) },
        {
          kind: 'restart' as const,
          targets: items.filter((item) => !onlyReplicas(item)).map(target),
        },
      ].filter(({ targets }) => targets.length > 0)
      for (const body of kinds) {
        const params = { path: { env: env.value } }
        bodyOf(await api.POST('/api/v1/envs/{env}/operations', { params, body }))
      }
      await client.invalidateQueries({ queryKey: ['operations'] })
      drafts.finish({ key: 'drift.restoring', n: items.length, undo: null })
    })

  /** Register services as they are: they are governed from now on, with nothing entered. */
  const register = (names: readonly Named[]) =>
    guarded(async () => {
      const services = names.map(({ namespace, name }) => ({ namespace, name }))
      const made = await importServices(env.value, { services, dry_run: false })
      const undo = async () => {
        for (const { namespace, name } of services) {
          const path = { env: env.value, namespace, name }
          const params = { path, header: { 'If-Match': made.version ?? '0' } }
          await api.DELETE('/api/v1/envs/{env}/services/{namespace}/{name}', { params })
        }
        await refreshServices(client)
      }
      drafts.finish({ key: 'drift.registered', n: made.added, undo })
    })

  return { accept, restore, register, busy, error }
}
