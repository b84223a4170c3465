// An import in two steps: what it would change, then the change; and the way back.
import { useQueryClient } from '@tanstack/vue-query'
import { ref } from 'vue'
import { api } from '@/api/client'
import { RefusedError } from '@/api/errors'
import type { BulkItem, ExpertService } from '@/api/types'
import { importServices, refreshServices, saveEdits, type ImportBody } from '../api'
import { idOf } from '../edit/drafts'
import { useDrafts } from '../edit/store'
import { bodyOfText, editBack } from './result'

type Result = Awaited<ReturnType<typeof importServices>>

/** @param known ids of the services that were registered before. */
export function useImport(env: string, known: () => ReadonlySet<string>) {
  const client = useQueryClient()
  const drafts = useDrafts()
  const body = ref<Omit<ImportBody, 'dry_run'> | null>(null)
  const result = ref<Result | null>(null)
  const error = ref<Error | null>(null)
  const notJson = ref(false)
  const busy = ref(false)

  async function guarded(work: () => Promise<void>) {
    busy.value = true
    error.value = null
    try {
      await work()
    } catch (reason) {
      error.value = reason instanceof Error ? reason : new Error(String(reason))
    }
    busy.value = false
  }

  /** Ask what a text would change; nothing is changed. */
  async function check(text: string) {
    const read = bodyOfText(text)
    result.value = null
    error.value = null
    notJson.value = 'problem' in read
    if ('problem' in read) return
    // What stands in the file is the API's to judge.
    body.value = read as { services?: ExpertService[]; csv?: string }
    await guarded(async () => {
      result.value = await importServices(env, { ...body.value, dry_run: true })
    })
  }

  async function undoImport({ items, version }: Result, before: ReadonlySet<string>) {
    const serviceOf = ({ namespace, name }: BulkItem) => ({ env, namespace, name })
    const touched = items.filter(({ action }) => action !== 'unchanged')
    const edits = touched
      .filter((item) => before.has(idOf(serviceOf(item))))
      .map((item) => ({ service: serviceOf(item), version: version ?? '0', edit: editBack(item) }))
    if (edits.length > 0) await saveEdits(edits)
    for (const item of touched.filter((one) => !before.has(idOf(serviceOf(one))))) {
      const params = { path: serviceOf(item), header: { 'If-Match': version ?? '0' } }
      await api.DELETE('/api/v1/envs/{env}/services/{namespace}/{name}', { params })
    }
    await refreshServices(client)
  }

  /** Do what was checked; resolves with whether it was done. */
  async function apply(): Promise<boolean> {
    const before = new Set(known())
    let done = false
    await guarded(async () => {
      const made = await importServices(env, { ...body.value, dry_run: false })
      const n = made.added + made.changed
      drafts.finish({ key: 'import.done', n, undo: () => undoImport(made, before) })
      await refreshServices(client)
      done = true
    })
    return done
  }

  const errorsOf = () => (error.value instanceof RefusedError ? error.value.fields : [])
  return { result, error, errorsOf, notJson, busy, check, apply }
}
