// What a cell tells besides what is seen of it, for those who come to it by keyboard: a pointer has the title.
import { onBeforeUnmount, shallowRef } from 'vue'

interface Tip {
  text: string
  style: { left: string; top: string }
}

const EDGE_PX = 8
const LEAST_PX = 320

/** The whole text of a cell where it is cut or drawn; empty where all of it is seen. */
function untold(cell: HTMLElement): string {
  const titled = cell.querySelector<HTMLElement>('[title]')
  if (!titled) return ''
  const { title, textContent, scrollWidth, clientWidth } = titled
  return textContent.trim() === title && scrollWidth <= clientWidth ? '' : title
}

export function useCellTip() {
  const tip = shallowRef<Tip | null>(null)

  function showTip({ target }: FocusEvent) {
    tip.value = null
    if (!(target instanceof HTMLElement) || !target.matches('[data-stop]:focus-visible')) return
    const text = untold(target)
    const { left, bottom } = target.getBoundingClientRect()
    const x = Math.max(EDGE_PX, Math.min(left, window.innerWidth - LEAST_PX))
    if (text !== '') tip.value = { text, style: { left: `${x}px`, top: `${bottom + 2}px` } }
  }
  const hideTip = () => (tip.value = null)
  onBeforeUnmount(hideTip)
  return { tip, showTip, hideTip }
}
