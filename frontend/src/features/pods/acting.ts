// The dialog of an action on pods: it stays open though the rows that it was opened from go.
import { defineStore } from 'pinia'
import { shallowRef } from 'vue'
import type { Act } from './parameters'

interface Asked {
  env: string
  namespace: string
  kind: Act
  pods: string[]
}

export const useActing = defineStore('acting', () => {
  const asked = shallowRef<Asked | null>(null)
  const ask = (what: Asked | null) => (asked.value = what)
  return { asked, ask }
})
