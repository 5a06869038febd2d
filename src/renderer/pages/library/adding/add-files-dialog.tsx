import { Button, Modal, Progress } from '@mantine/core'
import { useTranslation } from 'react-i18next'
import { useStore } from 'zustand'
import { formatCount, formatFileSize } from '#core/figure/format-figure.ts'
import { useLibrary, useMachineState, useStores } from '../../../app/use-stores.ts'
import { InlineFailure } from '../../../components/state-message/inline-failure.tsx'
import type { AddedFile } from '../../../stores/adding-store.ts'
import { AddFolder } from '../folders-section.tsx'
import classes from '../library.module.css'

/** Asks what to do with files that were dropped or chosen, and follows them; nothing happens without an answer. */
export function AddFilesDialog() {
  const { t } = useTranslation()
  const { adding } = useStores()
  const { kind, files, rejected } = useStore(adding)
  if (kind === 'closed') return null
  const running = kind === 'running'
  return (
    <Modal
      opened
      size="lg"
      onClose={() => adding.close()}
      title={files.length === 0 ? t('library.addNone') : t('library.addTitle', { count: files.length })}
      closeOnClickOutside={false}
      closeOnEscape={!running}
      withCloseButton={!running}
      closeButtonProps={{ 'aria-label': t('library.close') }}
    >
      <div className={classes.dialog}>
        <ul className={classes.added}>
          {files.map((each) => (
            <Added key={each.file.path ?? each.file.name} added={each} isAsking={kind === 'asking'} />
          ))}
        </ul>
        {rejected.length === 0 ? null : (
          <p>{t('library.addRejected', { names: rejected.slice(0, 10).join(', ') })}</p>
        )}
        {kind === 'asking' && files.length > 0 ? <HowToAdd files={files} /> : null}
        <div className={classes.buttons}>
          {running ? (
            <Button variant="default" onClick={() => adding.cancel()}>
              {t('library.addCancel')}
            </Button>
          ) : (
            <Button variant="default" onClick={() => adding.close()}>
              {t(kind === 'asking' && files.length > 0 ? 'library.addDoNothing' : 'library.close')}
            </Button>
          )}
        </div>
      </div>
    </Modal>
  )
}

function Added({ added, isAsking }: { readonly added: AddedFile; readonly isAsking: boolean }) {
  const { t } = useTranslation()
  const { file, state } = added
  const percent = state.kind === 'running' ? Math.floor(state.fraction * 100) : 0
  return (
    <li className={classes.addedFile}>
      <p className={classes.addedLine}>
        <span>
          {file.name} <span className="lighter">{formatFileSize(file.bytes)}</span>
        </span>
        {isAsking || state.kind === 'failed' ? null : (
          <span className="numeral">
            {t(`library.addState.${state.kind}`, { percent: formatCount(percent) })}
          </span>
        )}
      </p>
      {file.path === null ? null : <code className={classes.path}>{file.path}</code>}
      {state.kind === 'running' ? (
        <Progress
          value={percent}
          aria-label={t('library.addProgress', { name: file.name })}
          transitionDuration={100}
        />
      ) : null}
      {state.kind === 'failed' ? <InlineFailure failure={state.failure} /> : null}
    </li>
  )
}

/** The answers there are: where paths are known two, else one, or the path typed. */
function HowToAdd({ files }: { readonly files: readonly AddedFile[] }) {
  const { t } = useTranslation()
  const { adding } = useStores()
  const bytes = files.reduce((sum, { file }) => sum + file.bytes, 0)
  const size = formatFileSize(bytes)
  const knowsPaths = files.every(({ file }) => file.path !== null)
  return (
    <>
      {knowsPaths ? (
        <div className={classes.choice}>
          <Button data-autofocus onClick={() => void adding.run('reference')}>
            {t('library.addReference')}
          </Button>
          <p className="lighter">{t('library.addReferenceHint')}</p>
        </div>
      ) : null}
      <div className={classes.choice}>
        <Button
          variant={knowsPaths ? 'default' : 'filled'}
          onClick={() => void adding.run(knowsPaths ? 'copy' : 'upload')}
        >
          {t(knowsPaths ? 'library.addCopy' : 'library.addUpload')}
        </Button>
        <p className="lighter">{t(knowsPaths ? 'library.addCopyHint' : 'library.addUploadHint', { size })}</p>
        <Room bytes={bytes} />
      </div>
      {knowsPaths ? null : (
        <div className={classes.choice}>
          <p>{t('library.addByFolder')}</p>
          <AddFolder inputId="library-folder-of-file" onAdded={() => adding.close()} />
        </div>
      )}
    </>
  )
}

/** Whether a copy has room. */
function Room({ bytes }: { readonly bytes: number }) {
  const { t } = useTranslation()
  const folder = useLibrary((state) => state.ownFolder)
  const freeBytes = useMachineState(
    (state) => state.machine?.disks.find(({ holdsModels }) => holdsModels)?.freeBytes ?? null,
  )
  if (folder === null) return null
  if (freeBytes === null) return <p className="lighter">{t('library.addFreeUnknown', { folder })}</p>
  const free = formatFileSize(freeBytes)
  if (freeBytes >= bytes) return <p className="lighter">{t('library.addFree', { free, folder })}</p>
  return (
    <p className={classes.problem} role="alert">
      {t('library.addTooLarge', { size: formatFileSize(bytes), free, folder })}
    </p>
  )
}
