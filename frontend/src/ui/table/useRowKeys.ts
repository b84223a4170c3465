// The keyboard in a table: arrows move, space chooses, right and left open and close, Enter goes there.
import { nextTick, ref, type Ref } from 'vue'

interface Steps {
  count: () => number
  scrollTo: (index: number) => void
  choose: (index: number) => void
  expand: (index: number, open: boolean) => void
  enter: (index: number) => void
  escape: () => void
}

const TRIES = 20

export function useRowKeys(scroller: Ref<HTMLElement | null>, steps: Steps) {
  const active = ref(0)

  /** A row that was far away gets the focus once it is drawn. */
  async function focusRow(index: number) {
    for (let left = TRIES; left > 0 && active.value === index; left--) {
      const row = scroller.value?.querySelector<HTMLElement>(`[data-index="${index}"] .row`)
      if (row) {
        row.focus({ preventScroll: true })
        return
      }
      await nextTick()
      await new Promise(requestAnimationFrame)
    }
  }

  function moveTo(index: number) {
    active.value = Math.max(0, Math.min(steps.count() - 1, index))
    steps.scrollTo(active.value)
    void focusRow(active.value)
  }

  function onKey(event: KeyboardEvent) {
    if (!(event.target instanceof HTMLElement) || !event.target.classList.contains('row')) return
    const at = active.value
    const keys: Record<string, () => void> = {
      ArrowDown: () => moveTo(at + 1),
      ArrowUp: () => moveTo(at - 1),
      ArrowRight: () => steps.expand(at, true),
      ArrowLeft: () => steps.expand(at, false),
      Home: () => moveTo(0),
      End: () => moveTo(steps.count() - 1),
      ' ': () => steps.choose(at),
      Enter: () => steps.enter(at),
      Escape: () => steps.escape(),
    }
    const step = keys[event.key]
    if (!step || event.ctrlKey || event.metaKey || event.altKey) return
    event.preventDefault()
    step()
  }

  return { active, onKey }
}
