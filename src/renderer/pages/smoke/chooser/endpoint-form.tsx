import { Button, NumberInput, PasswordInput, Select, TextInput } from '@mantine/core'
import { useState } from 'react'
import { useTranslation } from 'react-i18next'
import { useStore } from 'zustand'
import type { Endpoint, KnownEndpoint } from '#contract/endpoints.ts'
import { useStores } from '../../../app/use-stores.ts'
import { InlineFailure } from '../../../components/state-message/inline-failure.tsx'
import classes from './chooser.module.css'

interface EndpointFormProps {
  /** Null: a new one. */
  readonly known: KnownEndpoint | null
  /** Null: there is nothing to go back to. */
  readonly onClose: (() => void) | null
  readonly onSaved: () => void
}

/** Where these servers listen unless told otherwise. */
const USUAL = {
  Ollama: 'http://127.0.0.1:11434/v1',
  'llama-server': 'http://127.0.0.1:8080/v1',
  vLLM: 'http://127.0.0.1:8000/v1',
  'LM Studio': 'http://127.0.0.1:1234/v1',
  OpenAI: 'https://api.openai.com/v1',
} as const

interface Draft {
  readonly name: string
  readonly url: string
  readonly keyVariable: string
  readonly input: number | string
  readonly output: number | string
}

/** An endpoint as it is typed; the key is handed to the backend once and kept nowhere here. */
export function EndpointForm({ known, onClose, onSaved }: EndpointFormProps) {
  const { t } = useTranslation()
  const { endpoints } = useStores()
  const { cannotStore, failure } = useStore(endpoints)
  const [draft, setDraft] = useState(() => draftOf(known?.endpoint ?? null))
  const [key, setKey] = useState('')
  const [isSaving, setIsSaving] = useState(false)
  const change = (part: Partial<Draft>) => setDraft((before) => ({ ...before, ...part }))
  const urlProblem = draft.url === '' || isWebAddress(draft.url) ? null : t('smoke.urlProblem')

  async function save(): Promise<void> {
    setIsSaving(true)
    const isSaved = await endpoints.save(endpointOf(draft, known), key === '' ? null : key)
    setIsSaving(false)
    setKey('')
    if (isSaved) onSaved()
  }

  return (
    <form
      className={classes.form}
      onSubmit={(event) => {
        event.preventDefault()
        void save()
      }}
    >
      <p className="lighter">{t('smoke.endpointIntro')}</p>
      <Select
        label={t('smoke.usual')}
        placeholder={t('smoke.usualNone')}
        data={Object.keys(USUAL)}
        onChange={(name) => {
          if (name !== null) change({ name, url: USUAL[name as keyof typeof USUAL] })
        }}
      />
      <TextInput
        required
        label={t('smoke.endpointName')}
        maxLength={100}
        value={draft.name}
        onChange={(event) => change({ name: event.currentTarget.value })}
      />
      <TextInput
        required
        label={t('smoke.url')}
        description={t('smoke.urlHint')}
        error={urlProblem}
        value={draft.url}
        onChange={(event) => change({ url: event.currentTarget.value })}
      />
      {cannotStore === null ? (
        <PasswordInput
          label={t('smoke.key')}
          description={t('smoke.keyHint')}
          autoComplete="off"
          value={key}
          onChange={(event) => setKey(event.currentTarget.value)}
        />
      ) : (
        <TextInput
          label={t('smoke.keyVariable')}
          description={`${cannotStore} ${t('smoke.keyVariableHint')}`}
          value={draft.keyVariable}
          onChange={(event) => change({ keyVariable: event.currentTarget.value })}
        />
      )}
      <div className={classes.prices}>
        <NumberInput
          label={t('smoke.inputPrice')}
          description={t('smoke.priceHint')}
          placeholder={t('smoke.priceNone')}
          min={0}
          value={draft.input}
          onChange={(input) => change({ input })}
        />
        <NumberInput
          label={t('smoke.outputPrice')}
          description={t('smoke.priceHint')}
          placeholder={t('smoke.priceNone')}
          min={0}
          value={draft.output}
          onChange={(output) => change({ output })}
        />
      </div>
      {failure === null ? null : <InlineFailure failure={failure} />}
      <div className={classes.buttons}>
        <Button
          type="submit"
          loading={isSaving}
          disabled={draft.name.trim() === '' || draft.url === '' || urlProblem !== null}
        >
          {t('smoke.endpointSave')}
        </Button>
        {onClose === null ? null : (
          <Button variant="default" onClick={onClose}>
            {t('smoke.cancel')}
          </Button>
        )}
      </div>
    </form>
  )
}

function draftOf(endpoint: Endpoint | null): Draft {
  return {
    name: endpoint?.name ?? '',
    url: endpoint?.url ?? '',
    keyVariable: endpoint?.keyVariable ?? '',
    input: endpoint?.usdPerMillionInputTokens ?? '',
    output: endpoint?.usdPerMillionOutputTokens ?? '',
  }
}

function endpointOf(draft: Draft, known: KnownEndpoint | null): Endpoint {
  const price = (value: number | string) => (typeof value === 'number' ? value : null)
  return {
    id: known?.endpoint.id ?? crypto.randomUUID(),
    name: draft.name.trim(),
    url: draft.url.trim(),
    keyVariable: draft.keyVariable.trim() === '' ? null : draft.keyVariable.trim(),
    usdPerMillionInputTokens: price(draft.input),
    usdPerMillionOutputTokens: price(draft.output),
  }
}

function isWebAddress(text: string): boolean {
  return URL.canParse(text.trim()) && /^https?:$/.test(new URL(text.trim()).protocol)
}
