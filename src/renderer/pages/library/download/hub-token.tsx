import { Button, PasswordInput } from '@mantine/core'
import { useEffect, useState } from 'react'
import type { SyntheticEvent } from 'react'
import { useTranslation } from 'react-i18next'
import type { SecretsState } from '#contract/endpoints.ts'
import { toFailure, type Failure } from '../../../api/failure.ts'
import { useStores } from '../../../app/use-stores.ts'
import { InlineFailure } from '../../../components/state-message/inline-failure.tsx'
import classes from '../library.module.css'

interface HubTokenProps {
  readonly repository: string
  /** The token is another one now. */
  readonly onChange: () => void
}

/** How to get into a repository that does not let everybody in, and where the token for that comes from. */
export function HubToken({ repository, onChange }: HubTokenProps) {
  const { t } = useTranslation()
  const { client } = useStores()
  const [secrets, setSecrets] = useState<SecretsState | null>(null)
  const [failure, setFailure] = useState<Failure | null>(null)
  useEffect(() => {
    client.secrets.state().then(setSecrets, (error: unknown) => setFailure(toFailure(error)))
  }, [client])

  async function change(work: () => Promise<void>): Promise<boolean> {
    try {
      await work()
      setSecrets(await client.secrets.state())
      setFailure(null)
      onChange()
      return true
    } catch (error) {
      setFailure(toFailure(error))
      return false
    }
  }

  return (
    <div className={classes.note}>
      <p>{t('library.gated')}</p>
      <p>
        {t('library.gatedSteps')}{' '}
        <a href={`https://huggingface.co/${repository}`} target="_blank" rel="noreferrer">
          {`https://huggingface.co/${repository}`}
        </a>
      </p>
      {secrets === null ? null : (
        <TokenState
          secrets={secrets}
          onSet={(value) => change(() => client.secrets.set({ name: 'hugging-face', value }))}
          onRemove={() => void change(() => client.secrets.remove({ name: 'hugging-face' }))}
        />
      )}
      {failure === null ? null : <InlineFailure failure={failure} />}
    </div>
  )
}

interface TokenStateProps {
  readonly secrets: SecretsState
  /** Answers whether it worked. */
  readonly onSet: (value: string) => Promise<boolean>
  readonly onRemove: () => void
}

function TokenState({ secrets: { cannotStore, huggingFace }, onSet, onRemove }: TokenStateProps) {
  const { t } = useTranslation()
  switch (huggingFace.kind) {
    case 'stored':
      return (
        <div className={classes.buttons}>
          <span>{t('library.tokenStored')}</span>
          <Button size="compact-sm" variant="default" onClick={onRemove}>
            {t('library.tokenRemove')}
          </Button>
        </div>
      )
    case 'environment':
      return <p>{t('library.tokenEnvironment', { variable: huggingFace.variable })}</p>
    case 'missing':
      return cannotStore === null ? (
        <TokenForm onSet={onSet} />
      ) : (
        <p>
          {cannotStore}{' '}
          {huggingFace.variable === null
            ? ''
            : t('library.tokenVariable', { variable: huggingFace.variable })}
        </p>
      )
  }
}

function TokenForm({ onSet }: Pick<TokenStateProps, 'onSet'>) {
  const { t } = useTranslation()
  const [token, setToken] = useState('')
  const [isSending, setSending] = useState(false)
  async function submit(event: SyntheticEvent): Promise<void> {
    event.preventDefault()
    setSending(true)
    // Sent once; it is not kept in the page whether or not that worked.
    setToken('')
    await onSet(token.trim())
    setSending(false)
  }
  return (
    <form className={classes.line} onSubmit={(event) => void submit(event)}>
      <PasswordInput
        className={classes.wide}
        label={t('library.token')}
        description={t('library.tokenHint')}
        autoComplete="off"
        value={token}
        onChange={(event) => setToken(event.currentTarget.value)}
      />
      <Button type="submit" variant="default" loading={isSending} disabled={token.trim() === ''}>
        {t('library.tokenSave')}
      </Button>
    </form>
  )
}
