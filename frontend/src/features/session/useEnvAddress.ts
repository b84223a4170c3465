// The env that the console looks at, in the address: a link to a list is of the env it was made in.
import { watch } from 'vue'
import { useRoute, useRouter } from 'vue-router'
import { usePreferences } from '@/app/preferences'

/** An address that names an env chooses it; choosing another one afterwards is told in the address. */
export function useEnvAddress(): void {
  const route = useRoute()
  const router = useRouter()
  const preferences = usePreferences()
  const { env } = route.query
  if (typeof env === 'string' && env !== '') preferences.env = env
  watch(
    () => preferences.env,
    (now) => {
      if (now !== '' && now !== route.query['env'])
        void router.replace({ query: { ...route.query, env: now } })
    },
    { immediate: true },
  )
}
