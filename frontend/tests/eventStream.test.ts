// Following what goes on: opened and closed with what waits for it, and tried again ever more slowly where it is refused.
import { afterEach, beforeEach, expect, it, vi } from 'vitest'
import { effectScope, nextTick, ref } from 'vue'
import { useEventStream } from '@/api/useEventStream'
import { useLookedAt } from '@/ui/useLookedAt'

class Source extends EventTarget {
  static readonly CLOSED = 2
  static every: Source[] = []
  readyState = 0

  constructor(readonly address: string) {
    super()
    Source.every.push(this)
  }

  close() {
    this.readyState = Source.CLOSED
  }

  opened() {
    this.readyState = 1
    this.dispatchEvent(new Event('open'))
  }

  refused() {
    this.close()
    this.dispatchEvent(new Event('error'))
  }
}

const page = Object.assign(new EventTarget(), { visibilityState: 'visible' })

beforeEach(() => {
  vi.useFakeTimers()
  Source.every = []
  page.visibilityState = 'visible'
  vi.stubGlobal('EventSource', Source)
  vi.stubGlobal('window', globalThis)
  vi.stubGlobal('document', page)
})
afterEach(() => {
  vi.useRealTimers()
  vi.unstubAllGlobals()
})

function following() {
  const [open, address, streaming, told] = [ref(true), ref('/a'), ref(false), [] as string[]]
  const scope = effectScope()
  const onProgress = (data: string) => void told.push(data)
  scope.run(() => useEventStream({ address, open, event: 'now', streaming, onProgress }))
  return { open, address, streaming, told, scope }
}
const last = () => Source.every.at(-1) as Source

it('tells each event while it is open', () => {
  const { streaming, told, scope } = following()
  last().opened()
  expect(streaming.value).toBe(true)
  last().dispatchEvent(new MessageEvent('now', { data: '1' }))
  last().dispatchEvent(new MessageEvent('another', { data: '2' }))
  expect(told).toEqual(['1'])
  scope.stop()
  expect([last().readyState, streaming.value]).toEqual([Source.CLOSED, false])
})

it('rests while nobody waits, and goes on afterwards', async () => {
  const { open, streaming } = following()
  last().opened()
  open.value = false
  await nextTick()
  expect([Source.every.length, last().readyState, streaming.value]).toEqual([
    1,
    Source.CLOSED,
    false,
  ])
  open.value = true
  await nextTick()
  expect([Source.every.length, last().readyState]).toEqual([2, 0])
})

it('follows another one where the address changes', async () => {
  const { address } = following()
  address.value = '/b'
  await nextTick()
  expect(Source.every.map((one) => [one.address, one.readyState])).toEqual([
    ['/a', Source.CLOSED],
    ['/b', 0],
  ])
})

it('is tried again ever more slowly where it is refused, at least once a minute', () => {
  following()
  const pauses = [2, 4, 8, 16, 32, 60, 60].map((seconds) => 1000 * seconds)
  for (const pause of pauses) {
    const before = Source.every.length
    last().refused()
    vi.advanceTimersByTime(pause - 1)
    expect(Source.every.length).toBe(before)
    vi.advanceTimersByTime(1)
    expect(Source.every.length).toBe(before + 1)
  }
  last().opened()
  last().refused()
  vi.advanceTimersByTime(2000)
  expect(last().readyState).toBe(0)
})

it('knows whether the tab is looked at', () => {
  const scope = effectScope()
  const lookedAt = scope.run(useLookedAt)
  expect(lookedAt?.value).toBe(true)
  page.visibilityState = 'hidden'
  page.dispatchEvent(new Event('visibilitychange'))
  expect(lookedAt?.value).toBe(false)
  scope.stop()
})
