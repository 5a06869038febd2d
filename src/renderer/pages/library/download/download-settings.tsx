import { Button, TextInput } from '@mantine/core'
import { useState } from 'react'
import type { SyntheticEvent } from 'react'
import { useTranslation } from 'react-i18next'
import type { DownloadSettings as Settings } from '#contract/library.ts'
import { InlineFailure } from '../../../components/state-message/inline-failure.tsx'
import classes from '../library.module.css'
import type { DownloadSettingsState } from './use-download-settings.ts'
import { webAddress } from './web-address.ts'

/** A mirror of the hub and a proxy, closed until asked for. */
export function DownloadSettings({ settings }: { readonly settings: DownloadSettingsState }) {
  const { t } = useTranslation()
  const { value, failure, save } = settings
  return (
    <details className={classes.settings}>
      <summary>{t('library.settings')}</summary>
      {value === null ? null : <Addresses value={value} save={save} />}
      {failure === null ? null : <InlineFailure failure={failure} />}
    </details>
  )
}

interface AddressesProps {
  readonly value: Settings
  readonly save: DownloadSettingsState['save']
}

function Addresses({ value, save }: AddressesProps) {
  const { t } = useTranslation()
  const [mirror, setMirror] = useState(value.mirror ?? '')
  const [proxy, setProxy] = useState(value.proxy ?? '')
  const [isSaved, setSaved] = useState(false)
  const [mirrorRead, proxyRead] = [webAddress(mirror), webAddress(proxy)]
  async function submit(event: SyntheticEvent): Promise<void> {
    event.preventDefault()
    if (mirrorRead.kind === 'invalid' || proxyRead.kind === 'invalid') return
    setSaved(await save({ mirror: mirrorRead.address, proxy: proxyRead.address }))
  }
  const errorOf = (read: typeof mirrorRead) => (read.kind === 'invalid' ? t('library.badAddress') : null)
  return (
    <form className={classes.added} onSubmit={(event) => void submit(event)}>
      <TextInput
        className={classes.setting}
        label={t('library.mirror')}
        description={t('library.mirrorHint')}
        autoComplete="off"
        spellCheck={false}
        value={mirror}
        error={errorOf(mirrorRead)}
        onChange={(event) => {
          setMirror(event.currentTarget.value)
          setSaved(false)
        }}
      />
      <TextInput
        className={classes.setting}
        label={t('library.proxy')}
        description={t('library.proxyHint')}
        autoComplete="off"
        spellCheck={false}
        value={proxy}
        error={errorOf(proxyRead)}
        onChange={(event) => {
          setProxy(event.currentTarget.value)
          setSaved(false)
        }}
      />
      <div className={classes.buttons}>
        <Button type="submit" size="sm" variant="default">
          {t('library.saveSettings')}
        </Button>
        <span role="status">{isSaved ? t('library.savedSettings') : ''}</span>
      </div>
    </form>
  )
}
