// Components that other features add to a list here, fetched when they are shown.
import { defineAsyncComponent, type Component } from 'vue'

export type Load = () => Promise<{ default: Component }>

const made = new Map<Load, Component>()

/** The component of a loader; the same one each time. */
export function lazy(load: Load): Component {
  const known = made.get(load)
  if (known) return known
  const component = defineAsyncComponent(load)
  made.set(load, component)
  return component
}
