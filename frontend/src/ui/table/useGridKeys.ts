// The keyboard in a grid: one tab stop; arrows go from cell to cell, Enter does what a cell is for, Escape leaves.
import { nextTick, shallowRef, type Ref } from 'vue'

/** A cell by its row (-1 is the head) and its place in the row. */
interface Place {
  row: number
  stop: number
}

interface Steps {
  rows: () => number
  /** The first and the last place of a row: what comes before the columns counts below 0. */
  ends: () => readonly [number, number]
  scrollTo: (row: number) => void
  choose: (row: number) => void
  /** Enter where a cell has nothing of its own to do. */
  enter: (row: number) => void
  escape: () => void
  /** What the cell above holds is wanted here. */
  fill: (place: Place) => void
}

const TRIES = 20
const PAGE_ROWS = 10
const DIGIT = /^[\d.]$/

const cellOf = (target: EventTarget | null) =>
  target instanceof HTMLElement ? target.closest<HTMLElement>('[data-stop]') : null

/** The cell that a key was pressed in, where what kept the key is gone from it by now, too. */
const cellOnPath = (event: Event) =>
  event
    .composedPath()
    .find(
      (one): one is HTMLElement => one instanceof HTMLElement && one.dataset['stop'] !== undefined,
    )

function placeOf(cell: HTMLElement): Place {
  const row = cell.closest<HTMLElement>('[data-index]')?.dataset['index']
  return { row: Number(row), stop: Number(cell.dataset['stop']) }
}

const within = (value: number, least: number, most: number) =>
  Math.max(least, Math.min(most, value))

/** The first thing in a cell that does something. */
const doerOf = (cell: HTMLElement) => cell.querySelector<HTMLElement>('button, a, input')

export function useGridKeys(scroller: Ref<HTMLElement | null>, steps: Steps) {
  const active = shallowRef<Place>({ row: 0, stop: 0 })

  function focusNow({ row, stop }: Place): boolean {
    const cell = scroller.value?.querySelector<HTMLElement>(
      `[data-index="${row}"] [data-stop="${stop}"]`,
    )
    cell?.focus({ preventScroll: true })
    cell?.scrollIntoView({ block: 'nearest', inline: 'nearest' })
    return cell !== null && cell !== undefined
  }

  /** A cell that was far away gets the focus once it is drawn. */
  async function moveTo(row: number, stop: number) {
    const place = {
      row: within(row, -1, steps.rows() - 1),
      stop: within(stop, ...steps.ends()),
    }
    active.value = place
    if (place.row >= 0) steps.scrollTo(place.row)
    for (let left = TRIES; left > 0 && active.value === place; left--) {
      if (focusNow(place)) return
      await nextTick()
      await new Promise(requestAnimationFrame)
    }
  }
  const focusActive = () => void moveTo(active.value.row, active.value.stop)

  /** Begin to edit with what was typed, as spreadsheets do. */
  async function type(cell: HTMLElement, text: string) {
    doerOf(cell)?.click()
    await nextTick()
    const input = cell.querySelector('input')
    if (!input) return
    input.value = text
    input.dispatchEvent(new Event('input'))
  }

  function act(cell: HTMLElement, row: number) {
    const doer = doerOf(cell)
    if (doer) doer.click()
    else if (row >= 0) steps.enter(row)
  }

  const moves = ({ row, stop }: Place, [first, last] = steps.ends()): Record<string, Place> => ({
    ArrowDown: { row: row + 1, stop },
    ArrowUp: { row: row - 1, stop },
    ArrowRight: { row, stop: stop + 1 },
    ArrowLeft: { row, stop: stop - 1 },
    PageDown: { row: row + PAGE_ROWS, stop },
    PageUp: { row: Math.max(0, row - PAGE_ROWS), stop },
    Home: { row, stop: first },
    End: { row, stop: last },
    'Control+Home': { row: 0, stop: 0 },
    'Control+End': { row: steps.rows() - 1, stop: last },
  })

  /** Keys within a value that is being typed; what keeps it there has stopped them. */
  function onInputKey(event: KeyboardEvent, { row, stop }: Place) {
    const back = event.shiftKey ? -1 : 1
    const next = { Enter: { row: row + back, stop }, Tab: { row, stop: stop + back } }[event.key]
    if (!next) return
    event.preventDefault()
    void moveTo(next.row, next.stop)
  }

  function onCellKey(event: KeyboardEvent, cell: HTMLElement, at: Place) {
    const held = event.ctrlKey || event.metaKey
    // With the caps lock a letter is a capital one, and is meant all the same.
    const pressed = event.key.length === 1 ? event.key.toLowerCase() : event.key
    const key = `${held ? 'Control+' : ''}${pressed}`
    const deeds: Record<string, () => void> = {
      Enter: () => act(cell, at.row),
      F2: () => act(cell, at.row),
      ' ': () => (at.row >= 0 ? steps.choose(at.row) : act(cell, at.row)),
      Escape: () => steps.escape(),
      'Control+d': () => steps.fill(at),
    }
    const to = moves(at)[key]
    const deed = to ? () => void moveTo(to.row, to.stop) : deeds[key]
    if (deed) {
      event.preventDefault()
      deed()
    } else if (DIGIT.test(key) && cell.dataset['editable'] !== undefined) {
      event.preventDefault()
      void type(cell, key)
    }
  }

  function onKey(event: KeyboardEvent) {
    const cell = cellOnPath(event)
    if (!cell || event.altKey) return
    const { target } = event
    if (target instanceof HTMLInputElement && target.type !== 'checkbox')
      onInputKey(event, placeOf(cell))
    // A button that was clicked has the focus: Enter and the space bar are its own.
    else if (target === cell || !['Enter', ' '].includes(event.key))
      onCellKey(event, cell, placeOf(cell))
  }

  /** Whoever is clicked is where the keys go on from. */
  function onFocus(event: FocusEvent) {
    if (scroller.value && event.target === scroller.value) {
      if (scroller.value.matches(':focus-visible')) focusActive()
      return
    }
    const cell = cellOf(event.target)
    if (cell) active.value = placeOf(cell)
  }

  return { active, onKey, onFocus }
}
