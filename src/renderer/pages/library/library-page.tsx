import { Skeleton } from '@mantine/core'
import { useEffect, useMemo } from 'react'
import { useTranslation } from 'react-i18next'
import { useCalibratedCatalogue, useChosenMachine } from '../../app/use-advice.ts'
import { usePageTitle } from '../../app/use-page-title.ts'
import { useLibrary, useStores } from '../../app/use-stores.ts'
import { PageHead } from '../../components/page-head/page-head.tsx'
import { AddFiles } from './adding/add-files.tsx'
import { AddFilesDialog } from './adding/add-files-dialog.tsx'
import { DownloadSection } from './download/download-section.tsx'
import { FoldersSection } from './folders-section.tsx'
import { HereSection } from './here-section.tsx'
import { libraryGroups, rowMaker } from './library-row.ts'
import classes from './library.module.css'

/** The models on this machine, and the ways to more of them. */
export function LibraryPage() {
  const { t } = useTranslation()
  usePageTitle(t('library.title'))
  const { library, downloads } = useStores()
  useEffect(() => {
    // Other programs may have fetched or deleted models meanwhile; what is known stays shown.
    void library.scanAgain()
    void downloads.follow()
    // A browser opens few connections at once, and all tabs share them.
    return () => downloads.stop()
  }, [library, downloads])
  const files = useLibrary((state) => state.files)
  const ownFolder = useLibrary((state) => state.ownFolder)
  const scan = useLibrary((state) => state.scan)
  const machine = useChosenMachine()
  const catalogue = useCalibratedCatalogue()
  const rowOf = useMemo(() => rowMaker({ ownFolder, machine, catalogue }), [ownFolder, machine, catalogue])
  const groups = useMemo(() => libraryGroups(files, rowOf), [files, rowOf])
  const isWaiting = files.length === 0 && (scan.kind === 'scanning' || scan.kind === 'not-started')
  return (
    <div className={classes.page}>
      <PageHead title={t('library.title')} actions={<AddFiles />}>
        <p className="lighter">{t('library.intro')}</p>
      </PageHead>
      {isWaiting ? <LoadingLibrary /> : <HereSection groups={groups} />}
      <DownloadSection />
      <FoldersSection />
      <AddFilesDialog />
    </div>
  )
}

/** The shape of the list while its first names are on their way. */
function LoadingLibrary() {
  const { t } = useTranslation()
  return (
    <div className={classes.section} role="status" aria-label={t('library.loading')}>
      <Skeleton height={24} width={200} />
      {Array.from({ length: 4 }, (_, index) => (
        <Skeleton key={index} height={36} />
      ))}
    </div>
  )
}
