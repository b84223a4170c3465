// What every field tells of itself, and where the attributes go that a page gives it.
import { computed, useAttrs } from 'vue'

export interface FieldProps {
  label: string
  /** The label is for screen readers alone: what stands beside the field says it already. */
  bare?: boolean
  unit?: string
  /** What may be given; below the control. */
  hint?: string
  /** What is wrong with it, in words; nothing or empty where nothing is. */
  error?: string
  /** That of the control, where a label outside of the field names it. */
  id?: string
}

/** One of several values, with its words. */
export interface Choice<Value> {
  value: Value
  label: string
  /** Said beside the words, fainter. */
  beside?: string
}

/** `class` and `style` are the field's; the rest (`maxlength`, `disabled`, listeners ...) is its control's. */
export function useFieldAttrs() {
  const attrs = useAttrs()
  const looks = computed(() => ({ class: attrs['class'], style: attrs['style'] }))
  const rest = computed(() =>
    Object.fromEntries(
      Object.entries(attrs).filter(([name]) => name !== 'class' && name !== 'style'),
    ),
  )
  return { looks, rest }
}
