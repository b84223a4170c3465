// Something that goes on, told by the API event by event for as long as it is open.
import { onScopeDispose, toValue, watch, type MaybeRefOrGetter, type Ref } from 'vue'

const AGAIN_AFTER_MS = 2_000
/** Where a refusal lasts, such as that an env has no store of metrics. */
const AGAIN_AFTER_MOST_MS = 60_000

interface Followed {
  address: MaybeRefOrGetter<string>
  /** Whether there is anything to wait for. */
  open: Ref<boolean>
  /** What an event is called that tells how it goes. */
  event?: string
  /** Set while events come in: whoever follows has to ask by itself where they don't. */
  streaming: Ref<boolean>
  onProgress: (data: string) => void
  /** The last event; nothing comes after it. */
  onEnd?: (data: string) => void
}

export function useEventStream({
  address,
  open,
  event = 'progress',
  streaming,
  onProgress,
  onEnd,
}: Followed) {
  let source: EventSource | null = null
  let again = 0
  let pauseMs = AGAIN_AFTER_MS

  function close() {
    window.clearTimeout(again)
    source?.close()
    source = null
    streaming.value = false
  }

  function listen() {
    source = new EventSource(toValue(address))
    source.addEventListener('open', () => {
      streaming.value = true
      pauseMs = AGAIN_AFTER_MS
    })
    source.addEventListener('error', ({ target }) => {
      streaming.value = false
      // The browser itself tries again after silence, but never after a refusal such as a proxy's 502.
      if (target === source && source?.readyState === EventSource.CLOSED) {
        again = window.setTimeout(listen, pauseMs)
        pauseMs = Math.min(2 * pauseMs, AGAIN_AFTER_MOST_MS)
      }
    })
    source.addEventListener(event, ({ data }: MessageEvent<string>) => onProgress(data))
    source.addEventListener('end', ({ data }: MessageEvent<string>) => {
      close()
      onEnd?.(data)
    })
  }
  watch(
    [open, () => toValue(address)] as const,
    ([now, place], [, before]) => {
      if (source && (!now || place !== before)) close()
      if (now && !source) listen()
    },
    { immediate: true },
  )
  onScopeDispose(close)
}
