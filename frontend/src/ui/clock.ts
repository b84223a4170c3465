// The one clock of the console: that of the env that is looked at.
import { ref } from 'vue'

/** The env's IANA time zone; until it is known, the browser's. */
export const clockZone = ref(Intl.DateTimeFormat().resolvedOptions().timeZone)
