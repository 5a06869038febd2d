import type { strings } from './strings.ts'

declare module 'i18next' {
  interface CustomTypeOptions {
    resources: { translation: typeof strings }
  }
}
