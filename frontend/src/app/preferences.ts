// What a person chose for this browser: language, theme, folded navigation, env, columns, saved views.
import { defineStore } from 'pinia'
import { computed, ref, watch } from 'vue'
import type { Language } from '@/i18n'
import type { View } from '@/features/services/views/views'
import type { Arrangement } from '@/ui/table/columns'

type Theme = 'light' | 'dark' | 'system'
const KEY = 'kubedoor.preferences'
/** Below this width the navigation is folded until somebody opens it: the tables take the room. */
const ROOMY_PX = 1400

/** Columns of requests, JVMs and score: there for those who choose them. */
const FIGURES = ['qps', 'qps_per_pod', 'latency', 'errors', 'heap', 'gc', 'score']

/** The columns of the services table on the first visit. */
export const FIRST_COLUMNS: Arrangement = {
  order: [],
  hidden: [
    'observed',
    'ai',
    'cpuLine',
    'memLine',
    'cpuAsked',
    'memAsked',
    'cpuWaste',
    'memWaste',
    'cost',
    'mode',
    'policy',
    'note',
    'owner',
    ...FIGURES,
  ],
  pinned: [],
}

interface Stored {
  language?: Language
  theme?: Theme
  navFolded?: boolean
  env?: string
  columns?: Arrangement
  /** The columns that were there to be chosen when they were arranged, of those hidden at first. */
  offered?: string[]
  views?: View[]
}

function read(): Stored {
  try {
    const parsed: unknown = JSON.parse(localStorage.getItem(KEY) ?? '{}')
    return typeof parsed === 'object' && parsed !== null ? parsed : {}
  } catch {
    return {}
  }
}

/** What somebody arranged; columns that came since are hidden, as they are for those who arranged nothing. */
export function arrangedColumns({
  columns,
  offered,
}: Pick<Stored, 'columns' | 'offered'>): Arrangement {
  if (!columns) return FIRST_COLUMNS
  const fresh = offered ? FIRST_COLUMNS.hidden.filter((key) => !offered.includes(key)) : FIGURES
  const now = { ...FIRST_COLUMNS, ...columns }
  return { ...now, hidden: [...new Set([...now.hidden, ...fresh])] }
}

export const usePreferences = defineStore('preferences', () => {
  const stored = read()
  const language = ref<Language>(
    stored.language ?? (navigator.language.startsWith('zh') ? 'zh-CN' : 'en'),
  )
  const theme = ref<Theme>(stored.theme ?? 'system')
  const navFolded = ref(stored.navFolded ?? window.innerWidth < ROOMY_PX)
  const env = ref(stored.env ?? '')
  const columns = ref<Arrangement>(arrangedColumns(stored))
  const views = ref<View[]>(stored.views ?? [])

  const systemDark = window.matchMedia('(prefers-color-scheme: dark)')
  const systemIsDark = ref(systemDark.matches)
  systemDark.addEventListener('change', (event) => (systemIsDark.value = event.matches))
  const dark = computed(
    () => theme.value === 'dark' || (theme.value === 'system' && systemIsDark.value),
  )

  watch(dark, (on) => document.documentElement.classList.toggle('dark', on), { immediate: true })
  watch([language, theme, navFolded, env, columns, views], () => {
    const now: Stored = {
      language: language.value,
      theme: theme.value,
      navFolded: navFolded.value,
      env: env.value,
      columns: columns.value,
      offered: FIRST_COLUMNS.hidden,
      views: views.value,
    }
    localStorage.setItem(KEY, JSON.stringify(now))
  })
  return { language, theme, navFolded, env, columns, views, dark }
})
