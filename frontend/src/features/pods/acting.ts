// The dialog of an action on pods: it stays open though the rows that it was opened from go.
import { defineStore } from 'pinia'
import { shallowRef } from 'vue'
import type { Act, How } from './parameters'

interface Asked {
  env: string
  namespace: string
  kind: Act
  pods: string[]
  /** What a JVM is asked first, where it is diagnosed. */
  question?: How['question']
}

export const useActing = defineStore('acting', () => {
  const asked = shallowRef<Asked | null>(null)
  const ask = (what: Asked | null) => (asked.value = what)
  return { asked, ask }
})
