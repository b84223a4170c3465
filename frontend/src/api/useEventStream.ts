// Something that goes on, told by the API event by event for as long as it is open.
import { onScopeDispose, watch, type Ref } from 'vue'

const AGAIN_AFTER_MS = 2_000

interface Followed {
  address: string
  /** Whether there is anything to wait for. */
  open: Ref<boolean>
  /** Set while events come in: whoever follows has to ask by itself where they don't. */
  streaming: Ref<boolean>
  onProgress: (data: string) => void
  /** The last event; nothing comes after it. */
  onEnd: (data: string) => void
}

export function useEventStream({ address, open, streaming, onProgress, onEnd }: Followed) {
  let source: EventSource | null = null
  let again = 0

  function close() {
    window.clearTimeout(again)
    source?.close()
    source = null
    streaming.value = false
  }

  function listen() {
    source = new EventSource(address)
    source.addEventListener('open', () => (streaming.value = true))
    source.addEventListener('error', ({ target }) => {
      streaming.value = false
      // The browser itself tries again after silence, but never after a refusal such as a proxy's 502.
      if (target === source && source?.readyState === EventSource.CLOSED)
        again = window.setTimeout(listen, AGAIN_AFTER_MS)
    })
    source.addEventListener('progress', ({ data }: MessageEvent<string>) => onProgress(data))
    source.addEventListener('end', ({ data }: MessageEvent<string>) => {
      close()
      onEnd(data)
    })
  }
  watch(open, (now) => (now && !source ? listen() : now || close()), { immediate: true })
  onScopeDispose(close)
}
