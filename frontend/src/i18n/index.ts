// Both languages. The messages of the other language are fetched when somebody switches to it.
import { createI18n } from 'vue-i18n'

export type Language = 'en' | 'zh-CN'

const loaders = {
  en: () => import('./en'),
  'zh-CN': () => import('./zh-CN'),
}

export const i18n = createI18n({ legacy: false, locale: 'en', messages: {} })

/** Show the console in a language; resolves when its messages are there. */
export async function setLanguage(language: Language): Promise<void> {
  if (!i18n.global.availableLocales.includes(language)) {
    const { default: messages } = await loaders[language]()
    i18n.global.setLocaleMessage(language, messages)
  }
  i18n.global.locale.value = language
  document.documentElement.lang = language
}
