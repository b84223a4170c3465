// A cron expression in plain words; the library that reads it is fetched when somebody types one.
import { ref, watch, type Ref } from 'vue'

/** `At 09:00, Monday through Friday`, in the console's language; empty for what is no cron expression. */
export async function cronWords(cron: string, language: string): Promise<string> {
  const { default: cronstrue } = await import('cronstrue')
  if (language !== 'en') await import('cronstrue/locales/zh_CN.js')
  try {
    return cronstrue.toString(cron, {
      locale: language === 'en' ? 'en' : 'zh_CN',
      use24HourTimeFormat: true,
    })
  } catch {
    // The API says what is wrong with it; half an expression has no reading yet.
    return ''
  }
}

export function useCronWords(cron: Ref<string>, language: Ref<string>): Ref<string> {
  const words = ref('')
  watch(
    [cron, language],
    async ([now, spoken]) => {
      const read = await cronWords(now, spoken)
      if (now === cron.value && spoken === language.value) words.value = read
    },
    { immediate: true },
  )
  return words
}
