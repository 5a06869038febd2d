import { Button, TextInput } from '@mantine/core'
import { IconFileAlert, IconRefresh, IconSearch } from '@tabler/icons-react'
import { useMemo, useState } from 'react'
import { useTranslation } from 'react-i18next'
import { formatCount } from '#core/figure/format-figure.ts'
import { DOWNLOAD_ANCHOR } from '../../app/routes.ts'
import { showSection } from '../../app/use-section-anchor.ts'
import { useLibrary, useStores } from '../../app/use-stores.ts'
import { InlineFailure } from '../../components/state-message/inline-failure.tsx'
import { FOLDER_INPUT_ID } from './folders-section.tsx'
import { sortLibrary, type LibrarySort } from './library-columns.ts'
import { rowMatches, type LibraryGroups, type LibraryRow } from './library-row.ts'
import { LibraryTable } from './library-table.tsx'
import { RemoveDialog } from './remove-dialog.tsx'
import classes from './library.module.css'
import { useForget } from './use-forget.ts'

/** Everything found on this machine: models, adapters, and what cannot be used and why. */
export function HereSection({ groups }: { readonly groups: LibraryGroups }) {
  const { t } = useTranslation()
  const { library } = useStores()
  const scan = useLibrary((state) => state.scan)
  const failure = useLibrary((state) => state.failure)
  const forget = useForget()
  const [typed, setTyped] = useState('')
  const [sort, setSort] = useState<LibrarySort>({ by: 'name', direction: 'ascending' })
  const [removing, setRemoving] = useState<LibraryRow | null>(null)
  const shown = useMemo(() => {
    const pick = (rows: readonly LibraryRow[]) =>
      sortLibrary(
        rows.filter((row) => rowMatches(row, typed)),
        sort,
      )
    return { models: pick(groups.models), adapters: pick(groups.adapters), broken: pick(groups.broken) }
  }, [groups, typed, sort])
  const total = groups.models.length + groups.adapters.length + groups.broken.length
  const shownCount = shown.models.length + shown.adapters.length + shown.broken.length
  const onRemove = (row: LibraryRow) => (row.ownership === 'own' ? setRemoving(row) : void forget(row.file))
  const table = { sort, onSort: setSort, onRemove }
  return (
    <section className={classes.section} aria-label={t('library.here')}>
      <div className={classes.sectionHead}>
        <h2>{t('library.here')}</h2>
        <ScanWords shown={shownCount} total={total} />
        <span className={classes.end}>
          {total === 0 ? null : (
            <TextInput
              type="search"
              size="xs"
              aria-label={t('library.search')}
              placeholder={t('library.search')}
              leftSection={<IconSearch size={14} aria-hidden />}
              value={typed}
              onChange={(event) => setTyped(event.currentTarget.value)}
            />
          )}
          <Button
            size="compact-sm"
            variant="subtle"
            color="gray"
            leftSection={<IconRefresh size={14} aria-hidden />}
            loading={scan.kind === 'scanning'}
            onClick={() => void library.scanAgain()}
          >
            {t('library.scanAgain')}
          </Button>
        </span>
      </div>
      {scan.kind === 'failed' ? <InlineFailure failure={scan.failure} /> : null}
      {failure === null ? null : <InlineFailure failure={failure} />}
      {total === 0 && scan.kind === 'finished' ? <EmptyLibrary /> : null}
      {total > 0 && shownCount === 0 ? (
        <div className={classes.empty}>
          <p>{t('library.emptyFiltered', { text: typed })}</p>
          <Button size="compact-sm" variant="default" onClick={() => setTyped('')}>
            {t('library.clearFilter')}
          </Button>
        </div>
      ) : null}
      {shown.models.length === 0 ? null : (
        <LibraryTable rows={shown.models} label={t('library.here')} {...table} />
      )}
      {shown.adapters.length === 0 ? null : (
        <div className={classes.group}>
          <h3>{t('library.adapters')}</h3>
          <p className="lighter">{t('library.adaptersHint')}</p>
          <LibraryTable rows={shown.adapters} label={t('library.adapters')} {...table} />
        </div>
      )}
      <BrokenFiles rows={shown.broken} onRemove={onRemove} />
      <RemoveDialog row={removing} onClose={() => setRemoving(null)} />
    </section>
  )
}

function ScanWords({ shown, total }: { readonly shown: number; readonly total: number }) {
  const { t } = useTranslation()
  const scan = useLibrary((state) => state.scan)
  const count =
    shown === total
      ? t('library.count', { count: total })
      : t('library.countFiltered', { shown: formatCount(shown), total: formatCount(total) })
  return (
    <p role="status" className="lighter">
      {total === 0 ? '' : count}
      {scan.kind === 'scanning' && scan.foundCount > 0
        ? ` · ${t('library.scanning', { read: formatCount(scan.readCount), found: formatCount(scan.foundCount) })}`
        : ''}
    </p>
  )
}

function EmptyLibrary() {
  const { t } = useTranslation()
  return (
    <div className={classes.empty}>
      <h3>{t('library.emptyTitle')}</h3>
      <p className="lighter">{t('library.emptySentence')}</p>
      <div className={classes.buttons}>
        <Button size="sm" onClick={() => showSection(DOWNLOAD_ANCHOR)}>
          {t('library.emptyDownload')}
        </Button>
        <Button size="sm" variant="default" onClick={() => document.getElementById(FOLDER_INPUT_ID)?.focus()}>
          {t('library.emptyFolder')}
        </Button>
      </div>
    </div>
  )
}

interface BrokenFilesProps {
  readonly rows: readonly LibraryRow[]
  readonly onRemove: (row: LibraryRow) => void
}

/** Files that cannot be used, each with why and what to do. */
function BrokenFiles({ rows, onRemove }: BrokenFilesProps) {
  const { t } = useTranslation()
  if (rows.length === 0) return null
  return (
    <div className={classes.group}>
      <h3>{t('library.broken')}</h3>
      <p className="lighter">{t('library.brokenHint')}</p>
      <ul className={classes.brokenList} aria-label={t('library.broken')}>
        {rows.map((row) => {
          const { file, ownership } = row
          return (
            <li key={file.path} className={classes.brokenFile}>
              <IconFileAlert size={16} aria-hidden className={classes.warningIcon} />
              <div className={classes.brokenWords}>
                <p>
                  <strong>{file.name}</strong> <span className="lighter">{file.path}</span>
                </p>
                <p>{file.problem}</p>
              </div>
              {ownership === 'other' ? null : (
                <Button
                  size="compact-xs"
                  variant="subtle"
                  color="gray"
                  aria-label={t(ownership === 'own' ? 'library.removeOf' : 'library.forgetOf', {
                    name: file.name,
                  })}
                  onClick={() => onRemove(row)}
                >
                  {t(ownership === 'own' ? 'library.remove' : 'library.forget')}
                </Button>
              )}
            </li>
          )
        })}
      </ul>
    </div>
  )
}
