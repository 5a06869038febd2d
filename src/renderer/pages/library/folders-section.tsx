import { Button, TextInput } from '@mantine/core'
import { useState } from 'react'
import type { SyntheticEvent } from 'react'
import { useTranslation } from 'react-i18next'
import type { LibraryFolder } from '#contract/library.ts'
import type { Failure } from '../../api/failure.ts'
import { useLibrary, useStores } from '../../app/use-stores.ts'
import { useUndoOffer } from '../../app/use-undoable-change.tsx'
import { InlineFailure } from '../../components/state-message/inline-failure.tsx'
import classes from './library.module.css'

/** Where the empty library leads to. */
export const FOLDER_INPUT_ID = 'library-folder'

/** Folders that are looked through: the user's own, which can be changed, and those of other programs. */
export function FoldersSection() {
  const { t } = useTranslation()
  const folders = useLibrary((state) => state.folders)
  return (
    <section className={classes.section} aria-label={t('library.folders')}>
      <h2>{t('library.folders')}</h2>
      <p className="lighter">{t('library.foldersHint')}</p>
      {folders === null || folders.length === 0 ? null : (
        <ul className={classes.folderList} aria-label={t('library.folders')}>
          {folders.map((folder) => (
            <Folder key={`${folder.place} ${folder.path}`} folder={folder} />
          ))}
        </ul>
      )}
      <AddFolder />
    </section>
  )
}

function Folder({ folder: { path, place, fileCount, problem } }: { readonly folder: LibraryFolder }) {
  const { t } = useTranslation()
  const { library } = useStores()
  const offerUndo = useUndoOffer()
  async function remove(): Promise<void> {
    if (!(await library.removeFolder(path))) return
    offerUndo(t('library.removedFolder', { path }), () => void library.addFolder(path))
  }
  return (
    <li className={classes.folder}>
      <div className={classes.folderWords}>
        <code className={classes.path}>{path}</code>
        {problem === null ? null : <p className={classes.problem}>{problem}</p>}
      </div>
      <span className="lighter">{t(`library.place.${place}`)}</span>
      <span className="numeral">{t('library.folderFiles', { count: fileCount })}</span>
      {place === 'folder' ? (
        <Button
          size="compact-xs"
          variant="subtle"
          color="gray"
          aria-label={t('library.removeFolderOf', { path })}
          onClick={() => void remove()}
        >
          {t('library.removeFolder')}
        </Button>
      ) : null}
    </li>
  )
}

interface AddFolderProps {
  readonly onAdded?: () => void
  /** Where two stand on one page. */
  readonly inputId?: string
}

/** A typed path, because a page cannot open the folders of the machine the backend runs on. */
export function AddFolder({ onAdded, inputId = FOLDER_INPUT_ID }: AddFolderProps) {
  const { t } = useTranslation()
  const { library } = useStores()
  const [path, setPath] = useState('')
  const [isAdding, setAdding] = useState(false)
  const [failure, setFailure] = useState<Failure | null>(null)
  async function add(event: SyntheticEvent): Promise<void> {
    event.preventDefault()
    const wished = path.trim()
    if (wished === '') return
    setAdding(true)
    const failed = await library.addFolder(wished)
    setAdding(false)
    setFailure(failed)
    if (failed !== null) return
    setPath('')
    onAdded?.()
  }
  return (
    <>
      <form className={classes.line} onSubmit={(event) => void add(event)}>
        <TextInput
          id={inputId}
          className={classes.wide}
          label={t('library.folderPath')}
          placeholder={t('library.folderPlaceholder')}
          autoComplete="off"
          spellCheck={false}
          value={path}
          onChange={(event) => {
            setPath(event.currentTarget.value)
            setFailure(null)
          }}
        />
        <Button type="submit" variant="default" loading={isAdding} disabled={path.trim() === ''}>
          {t('library.addFolder')}
        </Button>
      </form>
      {failure === null ? null : <InlineFailure failure={failure} />}
    </>
  )
}
