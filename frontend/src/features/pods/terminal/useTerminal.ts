// A terminal that is open: bytes both ways, how much was shown, how it ends. A break ends it; nothing is sent twice.
import { onScopeDispose, ref } from 'vue'
import { api } from '@/api/client'
import { RefusedError } from '@/api/errors'
import type { Schemas } from '@/api/types'

type Notice = Schemas['TerminalNotice']
interface Over {
  reason: Notice['reason'] | 'unreachable' | 'broken'
  detail: string
  code: number | null
}

const RENEW_EVERY_MS = 30_000
/** What is typed goes in pieces, as the API takes no more at once. */
const PIECE_BYTES = 16_384
/** The API sends no more than 256 KiB ahead of what was shown. */
const TELL_EVERY_BYTES = 32_768

export function useTerminal(
  env: string,
  id: string,
  show: (bytes: Uint8Array, shown: () => void) => void,
) {
  const path = `/api/v1/envs/${encodeURIComponent(env)}/pod-actions/${id}/terminal`
  const socket = new WebSocket(window.location.origin.replace(/^http/, 'ws') + path)
  socket.binaryType = 'arraybuffer'
  const open = ref(false)
  const soon = ref<Notice | null>(null)
  const over = ref<Over | null>(null)
  const notRenewed = ref('')
  let seen = 0
  let told = 0

  function end(reason: Over['reason'], detail = '', code: number | null = null) {
    window.clearInterval(renewing)
    over.value ??= { reason, detail, code }
    open.value = false
    soon.value = null
  }

  function hear(notice: Notice) {
    if (notice.event === 'opened') open.value = true
    else if (notice.event === 'ends_soon') soon.value = notice
    else end(notice.reason, notice.detail, notice.exit_code)
  }

  function take(bytes: Uint8Array) {
    show(bytes, () => {
      seen += bytes.length
      if (seen - told < TELL_EVERY_BYTES || socket.readyState !== WebSocket.OPEN) return
      told = seen
      socket.send(JSON.stringify({ seen }))
    })
  }
  socket.onmessage = ({ data }: MessageEvent<string | ArrayBuffer>) => {
    if (typeof data === 'string') hear(JSON.parse(data) as Notice)
    else take(new Uint8Array(data))
  }
  socket.onclose = () => end(open.value ? 'broken' : 'unreachable')

  /** It lasts two minutes from each time on which whoever looks at it is known to be signed in still. */
  async function renew() {
    const params = { path: { env, id } }
    try {
      await api.POST('/api/v1/envs/{env}/pod-actions/{id}/terminal', { params })
      notRenewed.value = ''
    } catch (error) {
      // What does not answer now may in half a minute.
      if (error instanceof RefusedError) notRenewed.value = error.message
    }
  }
  const renewing = window.setInterval(() => void renew(), RENEW_EVERY_MS)

  function type(bytes: Uint8Array<ArrayBuffer>) {
    if (!open.value) return
    if (soon.value?.reason === 'idle') soon.value = null
    for (let at = 0; at < bytes.length; at += PIECE_BYTES)
      socket.send(bytes.subarray(at, at + PIECE_BYTES))
  }
  function resize(columns: number, rows: number) {
    if (open.value) socket.send(JSON.stringify({ columns, rows }))
  }
  onScopeDispose(() => {
    window.clearInterval(renewing)
    socket.close()
  })
  return { open, soon, over, notRenewed, type, resize }
}
