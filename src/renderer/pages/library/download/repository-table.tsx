import { Button } from '@mantine/core'
import { useEffect, useMemo, useRef } from 'react'
import { useTranslation } from 'react-i18next'
import { Link } from 'wouter'
import type { RepositoryFile, RepositoryFiles } from '#contract/library.ts'
import { bestPlanOf } from '#core/advise/best-plan-per-model.ts'
import { formatFileSize } from '#core/figure/format-figure.ts'
import { fileFit, type FileFit } from '#core/library/file-fit.ts'
import type { Model } from '#core/model/model.ts'
import { smokeHref } from '../../../app/routes.ts'
import { useCalibratedCatalogue, useChosenMachine } from '../../../app/use-advice.ts'
import { useDownloads, useLibrary, useNeeds, useStores } from '../../../app/use-stores.ts'
import { FitMark } from '../../../components/fit-mark/fit-mark.tsx'
import { missingBytes } from '../library-row.ts'
import classes from '../library.module.css'

interface RepositoryTableProps {
  readonly offered: RepositoryFiles
  readonly revision: string | null
  /** Whose files these are; null where the catalogue does not know it. */
  readonly model: Model | null
  readonly quantizationId: string | null
  /** The license is accepted. */
  readonly accepted: boolean
}

/** The files of a repository: how large, whether each fits this machine, and the button that fetches it. */
export function RepositoryTable(props: RepositoryTableProps) {
  const { offered, revision, model, quantizationId, accepted } = props
  const { t } = useTranslation()
  const recommended = useRecommended(model)
  const fits = useFits(offered, model)
  const wanted = quantizationId ?? recommended
  const scroll = useRef<HTMLDivElement>(null)
  useEffect(() => {
    // Of a long list the wanted file is shown, without moving the page.
    const row = scroll.current?.querySelector<HTMLElement>('[data-chosen]')
    if (scroll.current && row) scroll.current.scrollTop = row.offsetTop - scroll.current.clientHeight / 2
  }, [wanted])
  return (
    <div
      ref={scroll}
      className={classes.filesScroll}
      tabIndex={0}
      role="group"
      aria-label={t('library.files', { repository: offered.repository })}
    >
      <table className={classes.files} aria-label={t('library.files', { repository: offered.repository })}>
        <thead>
          <tr>
            <th scope="col">{t('library.file')}</th>
            <th scope="col">{t('library.column.quantization')}</th>
            <th scope="col" data-number>
              {t('library.column.size')}
            </th>
            <th scope="col">{t('library.column.fit')}</th>
            <th scope="col">
              <span className="visually-hidden">{t('library.column.actions')}</span>
            </th>
          </tr>
        </thead>
        <tbody>
          {offered.files.map((file, index) => {
            const isWanted = file.quantizationId !== null && file.quantizationId === wanted
            return (
              <tr key={file.file} data-chosen={isWanted || undefined}>
                <th scope="row" className={classes.fileName}>
                  {file.file}
                  {file.shards > 1 ? (
                    <span className="lighter"> {t('library.shards', { count: file.shards })}</span>
                  ) : null}
                  {file.sha256.includes(null) ? (
                    <span className="lighter"> {t('library.unchecked')}</span>
                  ) : null}
                </th>
                <td>
                  {file.quantizationId}
                  {file.quantizationId !== null && file.quantizationId === recommended ? (
                    <span className="lighter"> {t('library.recommended')}</span>
                  ) : null}
                </td>
                <td data-number className="numeral">
                  {formatFileSize(file.fileBytes)}
                </td>
                <td>
                  <Fit fit={fits[index] ?? null} />
                </td>
                <td data-actions>
                  <FileAction
                    file={file}
                    wish={{ repository: offered.repository, revision, acceptLicense: accepted }}
                    isBlocked={offered.mustAccept && !accepted}
                    isWanted={isWanted}
                  />
                </td>
              </tr>
            )
          })}
        </tbody>
      </table>
    </div>
  )
}

function Fit({ fit }: { readonly fit: FileFit | null }) {
  return fit === null ? null : <FitMark fit={fit.fit} missingBytes={missingBytes(fit)} />
}

interface FileActionProps {
  readonly file: RepositoryFile
  readonly wish: {
    readonly repository: string
    readonly revision: string | null
    readonly acceptLicense: boolean
  }
  /** The license is to be accepted first. */
  readonly isBlocked: boolean
  readonly isWanted: boolean
}

function FileAction({ file, wish, isBlocked, isWanted }: FileActionProps) {
  const { t } = useTranslation()
  const { downloads } = useStores()
  const running = useDownloads((state) =>
    state.downloads?.find((each) => each.repository === wish.repository && each.file === file.file),
  )
  const here = useLibrary((state) =>
    state.files.find(
      ({ path, fileBytes, state: read }) =>
        read === 'read' && fileBytes === file.fileBytes && baseName(path) === baseName(file.file),
    ),
  )
  if (file.isHere || here !== undefined || running?.state === 'done') {
    const path = running?.path ?? here?.path ?? null
    return (
      <span className={classes.buttons}>
        <span className="lighter">{t('library.alreadyHere')}</span>
        {path === null ? null : (
          <Button
            component={Link}
            href={smokeHref({ file: path })}
            size="compact-xs"
            variant="light"
            aria-label={t('library.tryItOf', { name: file.file })}
          >
            {t('library.tryIt')}
          </Button>
        )}
      </span>
    )
  }
  if (running !== undefined && running.state !== 'cancelled' && running.state !== 'failed') {
    return <span className="lighter">{t(`library.state.${running.state}`)}</span>
  }
  return (
    <Button
      size="compact-xs"
      variant={isWanted ? 'filled' : 'default'}
      disabled={isBlocked}
      title={isBlocked ? t('library.acceptFirst') : undefined}
      aria-label={t('library.downloadOf', { file: file.file, size: formatFileSize(file.fileBytes) })}
      onClick={() => void downloads.start({ ...wish, file: file.file })}
    >
      {t('library.downloadFile')}
    </Button>
  )
}

/** The quantization the advice would take of a model, here and for these needs. */
function useRecommended(model: Model | null): string | null {
  const machine = useChosenMachine()
  const needs = useNeeds()
  const catalogue = useCalibratedCatalogue()
  return useMemo(() => {
    if (model === null || machine === null || catalogue === null) return null
    const plan = bestPlanOf(model, { machine, needs, catalogue })
    return plan === null || plan.fit === 'no' ? null : plan.quantizationId
  }, [model, machine, needs, catalogue])
}

/** How each file fits, as the library will say once it is here. */
function useFits({ files }: RepositoryFiles, model: Model | null): readonly (FileFit | null)[] {
  const machine = useChosenMachine()
  const catalogue = useCalibratedCatalogue()
  return useMemo(() => {
    if (machine === null || catalogue === null) return []
    return files.map(({ file, fileBytes, quantizationId }) => {
      const kind = /mmproj/i.test(file) ? 'projector' : 'model'
      const contextTokens = model?.nativeContextTokens ?? null
      const header = { kind, quantizationId, contextTokens } as const
      return fileFit({ header, fileBytes, modelId: model?.id ?? null }, machine, catalogue)
    })
  }, [files, model, machine, catalogue])
}

function baseName(path: string): string {
  return path.slice(Math.max(path.lastIndexOf('/'), path.lastIndexOf('\\')) + 1)
}
