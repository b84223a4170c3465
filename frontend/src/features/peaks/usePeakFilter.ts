// The filters and the order of the peak data, kept in the address.
import { computed } from 'vue'
import type { PeakFlag } from '@/api/types'
import { useListAddress } from '@/ui/list/useListAddress'
import type { PeakFilter } from './api'

export function usePeakFilter() {
  const { filter: written, sort } = useListAddress(['date', 'q', 'namespace', 'flag'])
  const filter = computed<PeakFilter>({
    // A flag that the API does not know is refused by it, with the reason.
    get: () => ({ ...written.value, flag: written.value.flag as PeakFlag | '' }),
    set: (value) => (written.value = value),
  })
  const clear = () => (written.value = { ...written.value, q: '', namespace: '', flag: '' })
  return { filter, sort, clear }
}
