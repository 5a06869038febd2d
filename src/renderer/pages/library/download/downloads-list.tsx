import { Button, Modal, Progress } from '@mantine/core'
import { useState } from 'react'
import type { TFunction } from 'i18next'
import { useTranslation } from 'react-i18next'
import { Link } from 'wouter'
import type { Download } from '#contract/library.ts'
import { formatFileSize, formatNumber } from '#core/figure/format-figure.ts'
import { bytesToGigabytes } from '#core/units/units.ts'
import { smokeHref } from '../../../app/routes.ts'
import { useDownloads, useStores } from '../../../app/use-stores.ts'
import { durationText } from '../../../components/figure/duration-text.ts'
import { InlineFailure } from '../../../components/state-message/inline-failure.tsx'
import classes from '../library.module.css'

/** Everything that is or was fetched, each with how far it is and what can be done. */
export function DownloadsList() {
  const { t } = useTranslation()
  const all = useDownloads((state) => state.downloads)
  const failure = useDownloads((state) => state.failure)
  const [cancelling, setCancelling] = useState<Download | null>(null)
  const downloads = all ?? []
  return (
    <>
      {failure === null ? null : <InlineFailure failure={failure} />}
      {downloads.length === 0 ? null : (
        <div>
          <h3>{t('library.downloads')}</h3>
          <ul className={classes.downloadList} aria-label={t('library.downloads')}>
            {downloads.map((download) => (
              <Item key={download.id} download={download} onCancel={() => setCancelling(download)} />
            ))}
          </ul>
        </div>
      )}
      <CancelDialog download={cancelling} onClose={() => setCancelling(null)} />
    </>
  )
}

interface ItemProps {
  readonly download: Download
  readonly onCancel: () => void
}

function Item({ download, onCancel }: ItemProps) {
  const { t } = useTranslation()
  const { file, repository, state, totalBytes, doneBytes, problem } = download
  const percent = totalBytes === 0 ? 0 : Math.min(100, (doneBytes / totalBytes) * 100)
  const isUnderWay = state === 'running' || state === 'checking' || state === 'paused'
  return (
    <li className={classes.downloadItem}>
      <div className={classes.downloadWords}>
        <p>
          {file} <span className="lighter">{repository}</span>
        </p>
        {isUnderWay ? (
          <Progress
            value={percent}
            aria-label={t('library.progressOf', { file })}
            color={state === 'paused' ? 'gray' : 'indigo'}
            transitionDuration={100}
          />
        ) : null}
        <p className="lighter">
          <span role="status">{t(`library.state.${state}`)}</span>
          <span className="numeral">{progressWords(t, download)}</span>
        </p>
        {state === 'running' && problem !== null ? (
          <p role="status">{t('library.tryingAgain', { reason: problem.message })}</p>
        ) : null}
        {state === 'failed' && problem !== null ? (
          <InlineFailure
            failure={{
              kind: 'failed',
              message: problem.message,
              nextStep: problem.nextStep,
              technical: `${problem.code}: ${problem.message}`,
            }}
          />
        ) : null}
      </div>
      <ItemButtons download={download} onCancel={onCancel} />
    </li>
  )
}

function ItemButtons({ download, onCancel }: ItemProps) {
  const { t } = useTranslation()
  const { downloads } = useStores()
  const { id, file, state, path } = download
  const button = (name: 'pause' | 'resume' | 'again' | 'cancel' | 'clear', onClick: () => void) => (
    <Button
      key={name}
      size="compact-sm"
      variant={name === 'cancel' || name === 'clear' ? 'subtle' : 'default'}
      color={name === 'cancel' || name === 'clear' ? 'gray' : 'indigo'}
      aria-label={t(`library.${name}Of`, { file })}
      onClick={onClick}
    >
      {t(`library.${name}`)}
    </Button>
  )
  const resume = () => void downloads.resume(id)
  const clear = () => void downloads.cancel(id)
  return (
    <span className={classes.buttons}>
      {state === 'done' && path !== null ? (
        <Button
          component={Link}
          href={smokeHref({ file: path })}
          size="compact-sm"
          variant="light"
          aria-label={t('library.tryItOf', { name: file })}
        >
          {t('library.tryIt')}
        </Button>
      ) : null}
      {state === 'running' ? button('pause', () => void downloads.pause(id)) : null}
      {state === 'paused' ? button('resume', resume) : null}
      {state === 'failed' ? button('again', resume) : null}
      {state === 'done' || state === 'cancelled' ? button('clear', clear) : button('cancel', onCancel)}
    </span>
  )
}

interface CancelDialogProps {
  /** Null: closed. */
  readonly download: Download | null
  readonly onClose: () => void
}

/** Asks before what was fetched is thrown away. */
function CancelDialog({ download, onClose }: CancelDialogProps) {
  const { t } = useTranslation()
  const { downloads } = useStores()
  if (download === null) return null
  const { id, file, doneBytes } = download
  return (
    <Modal
      opened
      onClose={onClose}
      title={t('library.cancelTitle')}
      closeButtonProps={{ 'aria-label': t('library.close') }}
    >
      <div className={classes.dialog}>
        <p>{t('library.cancelSentence', { done: formatFileSize(doneBytes), file })}</p>
        <div className={classes.buttons}>
          <Button data-autofocus variant="default" onClick={onClose}>
            {t('library.keep')}
          </Button>
          <Button
            color="red"
            onClick={() => {
              onClose()
              void downloads.cancel(id)
            }}
          >
            {t('library.cancelConfirm')}
          </Button>
        </div>
      </div>
    </Modal>
  )
}

/** " · 1.2 of 4.9 GB · 12 MB/s · 5 min left", as much of it as is known. */
function progressWords(t: TFunction, download: Download): string {
  const { doneBytes, totalBytes, bytesPerSecond, secondsLeft, state } = download
  if (state === 'done') return ` · ${formatFileSize(totalBytes)}`
  if (state === 'cancelled') return ''
  const parts = [
    t('library.doneOf', {
      done: formatNumber(bytesToGigabytes(doneBytes)),
      total: formatNumber(bytesToGigabytes(totalBytes)),
    }),
    ...(state !== 'running' || bytesPerSecond === null
      ? []
      : [t('library.speed', { number: formatNumber(bytesPerSecond / 1e6) })]),
    ...(state !== 'running' || secondsLeft === null
      ? []
      : [t('library.timeLeft', { time: durationText(secondsLeft) })]),
  ]
  return ` · ${parts.join(' · ')}`
}
