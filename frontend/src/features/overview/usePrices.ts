// What a core and a GiB cost a month, by the settings; unknown is said, and never 0.
import { computed, type Ref } from 'vue'
import { useFormat } from '@/ui/useFormat'
import { useOverview } from './api'
import type { Prices } from './totals'

export function usePrices(env: Ref<string>) {
  const { money } = useFormat()
  const query = useOverview(env)
  const known = computed(() => query.data.value?.money ?? null)
  const prices = computed<Prices | null>(() => known.value)
  /** Whether it is known that nobody has set a price. */
  const unset = computed(() => query.data.value?.totals != null && known.value === null)
  const written = (amount: number | null) =>
    amount === null || !known.value ? '–' : money(amount, known.value.currency)
  return { prices, unset, written }
}
