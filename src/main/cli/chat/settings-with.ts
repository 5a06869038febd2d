import type { ChatSettings, SamplingSettings } from '#core/chat/chat-settings.ts'

/** Settings of a command line: only what was said. */
export type GivenSettings = { readonly sampling: Partial<SamplingSettings> } & Partial<
  Omit<ChatSettings, 'sampling'>
>

/** The model's own settings, with what was chosen. */
export function settingsWith(defaults: ChatSettings, given: GivenSettings): ChatSettings {
  return { ...defaults, ...given, sampling: { ...defaults.sampling, ...given.sampling } }
}
