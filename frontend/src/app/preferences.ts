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
  ],
  pinned: [],
}

interface Stored {
  language?: Language
  theme?: Theme
  navFolded?: boolean
  env?: string
  columns?: Arrangement
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

export const usePreferences = defineStore('preferences', () => {
  const stored = read()
  const language = ref<Language>(
    stored.language ?? (navigator.language.startsWith('zh') ? 'zh-CN' : 'en'),
  )
  const theme = ref<Theme>(stored.theme ?? 'system')
  const navFolded = ref(stored.navFolded ?? window.innerWidth < ROOMY_PX)
  const env = ref(stored.env ?? '')
  const columns = ref<Arrangement>({ ...FIRST_COLUMNS, ...stored.columns })
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
      views: views.value,
    }
    localStorage.setItem(KEY, JSON.stringify(now))
  })
  return { language, theme, navFolded, env, columns, views, dark }
})
