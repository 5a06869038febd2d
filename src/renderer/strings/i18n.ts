import { createInstance, type i18n } from 'i18next'
import { initReactI18next } from 'react-i18next'
import { strings } from './strings.ts'

/** An i18next instance with the English strings, ready at once: nothing is fetched. */
export function createI18n(): i18n {
  const instance = createInstance()
  void instance.use(initReactI18next).init({
    lng: 'en',
    fallbackLng: 'en',
    resources: { en: { translation: strings } },
    initAsync: false,
    // React escapes text itself; catalogue text reaches the page only as text nodes.
    interpolation: { escapeValue: false },
  })
  return instance
}
