// Whether a CSS media query holds, as it changes.
import { onBeforeUnmount, ref } from 'vue'

export function useMediaQuery(query: string) {
  const media = window.matchMedia(query)
  const holds = ref(media.matches)
  const update = () => (holds.value = media.matches)
  media.addEventListener('change', update)
  onBeforeUnmount(() => media.removeEventListener('change', update))
  return holds
}
