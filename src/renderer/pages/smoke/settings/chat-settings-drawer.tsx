import { Button, Drawer, NumberInput, Textarea } from '@mantine/core'
import { useTranslation } from 'react-i18next'
import { useStore } from 'zustand'
import { DEFAULT_CHAT_SETTINGS, type ChatSettings, type SamplingSettings } from '#core/chat/chat-settings.ts'
import { useStores } from '../../../app/use-stores.ts'
import classes from './settings.module.css'

interface ChatSettingsDrawerProps {
  readonly opened: boolean
  readonly onClose: () => void
}

/** Ranges of the sampling settings, as the backend accepts them. */
const SAMPLING = [
  { name: 'temperature', min: 0, max: 5, step: 0.1 },
  { name: 'topP', min: 0, max: 1, step: 0.05 },
  { name: 'topK', min: 0, max: 1000, step: 1 },
  { name: 'minP', min: 0, max: 1, step: 0.01 },
  { name: 'repeatPenalty', min: 0.1, max: 5, step: 0.05 },
] as const satisfies readonly {
  readonly name: keyof SamplingSettings
  min: number
  max: number
  step: number
}[]

const MOST_SEED = 0xffff_ffff

/** The instruction before the conversation, and how the next token is chosen; holds from the next answer on. */
export function ChatSettingsDrawer({ opened, onClose }: ChatSettingsDrawerProps) {
  const { t } = useTranslation()
  const { chat, session } = useStores()
  const settings = useStore(chat, (state) => state.settings)
  const fileDefaults = useStore(session, (state) => (state.kind === 'ready' ? state.info.defaults : null))
  const change = (part: Partial<ChatSettings>) => chat.change({ ...settings, ...part })
  const sample = (part: Partial<SamplingSettings>) => change({ sampling: { ...settings.sampling, ...part } })
  const schemaProblem = problemOf(settings.jsonSchema)
  return (
    <Drawer opened={opened} onClose={onClose} position="right" title={t('smoke.settings')}>
      <div className={classes.fields}>
        <Textarea
          autosize
          minRows={3}
          maxRows={12}
          label={t('smoke.system')}
          description={t('smoke.systemHint')}
          value={settings.system}
          onChange={(event) => change({ system: event.currentTarget.value })}
        />
        {SAMPLING.map(({ name, ...range }) => (
          <NumberInput
            key={name}
            {...range}
            label={t(`smoke.sampling.${name}`)}
            description={t(`smoke.samplingHint.${name}`)}
            value={settings.sampling[name]}
            allowDecimal={name !== 'topK'}
            onChange={(value) => {
              if (typeof value === 'number') sample({ [name]: value })
            }}
          />
        ))}
        <NumberInput
          label={t('smoke.sampling.seed')}
          description={t('smoke.samplingHint.seed')}
          placeholder={t('smoke.seedNone')}
          min={0}
          max={MOST_SEED}
          allowDecimal={false}
          value={settings.sampling.seed ?? ''}
          onChange={(value) => sample({ seed: typeof value === 'number' ? value : null })}
        />
        <NumberInput
          label={t('smoke.maxTokens')}
          description={t('smoke.maxTokensHint')}
          placeholder={t('smoke.maxTokensNone')}
          min={1}
          allowDecimal={false}
          value={settings.maxTokens ?? ''}
          onChange={(value) => change({ maxTokens: typeof value === 'number' ? value : null })}
        />
        <Textarea
          autosize
          minRows={3}
          maxRows={16}
          label={t('smoke.jsonSchema')}
          description={t('smoke.jsonSchemaHint')}
          placeholder='{"type": "object", "properties": {"city": {"type": "string"}}}'
          classNames={{ input: classes.code }}
          error={schemaProblem}
          value={settings.jsonSchema ?? ''}
          onChange={(event) => {
            const text = event.currentTarget.value
            change({ jsonSchema: text.trim() === '' ? null : text })
          }}
        />
        <Button
          variant="default"
          onClick={() => chat.change({ ...(fileDefaults ?? DEFAULT_CHAT_SETTINGS), system: settings.system })}
        >
          {t(fileDefaults === null ? 'smoke.defaults' : 'smoke.defaultsOfFile')}
        </Button>
      </div>
    </Drawer>
  )
}

/** What is wrong with a schema that is being typed; null where nothing is. */
function problemOf(schema: string | null): string | null {
  if (schema === null) return null
  try {
    JSON.parse(schema)
    return null
  } catch (error) {
    return error instanceof Error ? error.message : String(error)
  }
}
