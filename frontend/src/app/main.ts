// Starts the console.
import { QueryClient, VueQueryPlugin } from '@tanstack/vue-query'
import 'element-plus/theme-chalk/dark/css-vars.css'
import 'element-plus/es/components/base/style/css'
import { createPinia } from 'pinia'
import { createApp } from 'vue'
import { AwayError } from '@/api/errors'
import { i18n, setLanguage } from '@/i18n'
import App from './App.vue'
import { usePreferences } from './preferences'
import { router } from './router'
import './theme.css'
import './base.css'

const RETRIES = 2
const STALE_MS = 15_000

const queryClient = new QueryClient({
  defaultOptions: {
    queries: {
      staleTime: STALE_MS,
      // Answers are replaced, never changed: nothing in them has to be watched.
      shallow: true,
      retry: (failures, error) => error instanceof AwayError && failures < RETRIES,
      retryDelay: (failures) => 500 * 2 ** failures,
    },
  },
})

async function start() {
  // eslint-disable-next-line @typescript-eslint/no-unsafe-argument -- the linter's TypeScript can't read .vue files
  const app = createApp(App).use(createPinia()).use(i18n).use(VueQueryPlugin, { queryClient })
  // The page is fetched while the messages are.
  app.use(router)
  await setLanguage(usePreferences().language)
  app.mount('#app')
}

void start()
