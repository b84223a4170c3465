// The advice on the one service that the address names, such as where a score leads to.
import { useQuery } from '@tanstack/vue-query'
import { computed, type Ref } from 'vue'
import { useRoute } from 'vue-router'
import { fetchAdvice } from './api'

export function useOne(env: Ref<string>) {
  const route = useRoute()
  /** `namespace/name`; empty for all. */
  const wanted = computed(() => {
    const { service } = route.query
    return typeof service === 'string' && service.split('/').length === 2 ? service : ''
  })
  const query = useQuery({
    queryKey: ['advice', env, 'one', wanted],
    queryFn: () => {
      const [namespace = '', name = ''] = wanted.value.split('/')
      return fetchAdvice(env.value, namespace, name)
    },
    enabled: computed(() => env.value !== '' && wanted.value !== ''),
    retry: false,
  })
  const rows = computed(() => (query.data.value ? [query.data.value] : []))
  return { wanted, query, rows }
}
