// Logs of some pods as they come: read at once, interleaved, each with why it ended.
import { EventSourceParserStream } from 'eventsource-parser/stream'
import { onScopeDispose, ref, shallowRef } from 'vue'
import { api } from '@/api/client'
import type { operations } from '@/api/schema'
import type { Schemas } from '@/api/types'
import { interleaved, linesOf, type Line } from './lines'

type Part = Schemas['LogPart']
export type LogQuery = NonNullable<operations['readPodLog']['parameters']['query']>
/** Why a pod's log is not read any more: as the API says, or what was refused. */
export interface Ended {
  pod: string
  reason: Schemas['LogEnd']['reason'] | 'refused'
  detail: string
}

/** A page of more lines than this would not fit into a browser's memory. */
export const MOST_LINES = 100_000
const DRAW_EVERY_MS = 150
/** Of a node's clock, which need not be the browser's. */
const CLOCK_MARGIN_S = 60

export function useLogs(env: string, namespace: string) {
  const lines = shallowRef<readonly Line[]>([])
  const left = ref(0)
  const ended = ref<Ended[]>([])
  const reading = ref(0)
  let coming: Line[] = []
  let lastOf = new Map<string, Line>()
  let ids = 0
  let drawing = 0
  let stop = new AbortController()

  function draw() {
    drawing = 0
    // Of one pod they are in order already; of several, each batch goes to where its time is.
    const all = interleaved(
      lines.value,
      coming.sort((a, b) => a.us - b.us || a.id - b.id),
    )
    coming = []
    left.value += Math.max(0, all.length - MOST_LINES)
    lines.value = all.slice(-MOST_LINES)
  }

  function take(pod: string, part: Part, afterUs: number) {
    const found = linesOf(pod, part.lines, ids, lastOf.get(pod)).filter(({ us }) => us > afterUs)
    ids += part.lines.length
    const last = found.at(-1)
    if (last) lastOf.set(pod, last)
    coming.push(...found)
    if (drawing === 0) drawing = window.setTimeout(draw, DRAW_EVERY_MS)
  }

  async function read(pod: string, query: LogQuery, afterUs: number) {
    const { signal } = stop
    const end = (reason: Ended['reason'], detail = '') => {
      if (signal.aborted) return
      reading.value--
      ended.value = [...ended.value, { pod, reason, detail }]
    }
    reading.value++
    let reader: ReadableStreamDefaultReader<{ data: string }> | undefined
    try {
      const path = '/api/v1/envs/{env}/namespaces/{namespace}/pods/{pod}/log'
      const params = { path: { env, namespace, pod }, query }
      const { data } = await api.GET(path, { params, parseAs: 'stream', signal })
      reader = (data as ReadableStream<BufferSource>)
        .pipeThrough(new TextDecoderStream())
        .pipeThrough(new EventSourceParserStream())
        .getReader()
    } catch (error) {
      return end('refused', (error as Error).message)
    }
    try {
      for (;;) {
        const { value, done } = await reader.read()
        if (signal.aborted) return
        if (done) return end('broken')
        const part = JSON.parse(value.data) as Part
        take(pod, part, afterUs)
        if (part.end) return end(part.end.reason, part.end.detail)
      }
    } catch {
      end('broken')
    }
  }

  function close() {
    stop.abort()
    window.clearTimeout(drawing)
    drawing = 0
  }

  /** Read anew, and forget what was read before. */
  function start(pods: readonly string[], query: LogQuery) {
    close()
    stop = new AbortController()
    lines.value = []
    ended.value = []
    coming = []
    lastOf = new Map()
    left.value = 0
    reading.value = 0
    for (const pod of pods) void read(pod, query, -1)
  }

  /** Read on where logs ended: from the last line of each. */
  function goOn(query: LogQuery) {
    const pods = ended.value.filter(({ reason }) => reason !== 'complete').map(({ pod }) => pod)
    ended.value = ended.value.filter(({ pod }) => !pods.includes(pod))
    for (const pod of pods) {
      const last = lastOf.get(pod)
      if (!last) {
        void read(pod, query, -1)
        continue
      }
      const since = Math.max(1, Math.ceil(Date.now() / 1000 - last.us / 1e6) + CLOCK_MARGIN_S)
      void read(pod, { ...query, tail: null, since }, last.us)
    }
  }

  onScopeDispose(close)
  return { lines, left, ended, reading, start, goOn }
}
