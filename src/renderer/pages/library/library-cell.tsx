import { Tooltip } from '@mantine/core'
import type { TFunction } from 'i18next'
import { useTranslation } from 'react-i18next'
import { formatContext, formatFigureValue, formatFileSize, formatMemory } from '#core/figure/format-figure.ts'
import { UnknownValue } from '../../components/figure/figure-value.tsx'
import { BasisMark } from '../../components/figure/basis-mark.tsx'
import { FitMark } from '../../components/fit-mark/fit-mark.tsx'
import { LicenseMark } from '../../components/license-mark/license-mark.tsx'
import type { LibraryColumnId } from './library-columns.ts'
import { missingBytes, type LibraryRow } from './library-row.ts'
import classes from './library-table.module.css'

interface LibraryCellProps {
  readonly column: LibraryColumnId
  readonly row: LibraryRow
  /** Of what can be focused inside the cell. */
  readonly tabIndex: 0 | -1
}

/** What one column shows of one file. */
export function LibraryCell({ column, row, tabIndex }: LibraryCellProps) {
  const { t } = useTranslation()
  const { file, ownership } = row
  const { header, place } = file
  if (header === null && (column === 'quantization' || column === 'context' || column === 'license')) {
    return <span className="lighter">{t('library.reading')}</span>
  }
  switch (column) {
    case 'name':
      return <NameCell row={row} />
    case 'quantization':
      return header?.quantizationName
    case 'size':
      return <span className="numeral">{formatFileSize(file.fileBytes)}</span>
    case 'context':
      return typeof header?.contextTokens === 'number' ? (
        <span className="numeral">{formatContext(header.contextTokens)}</span>
      ) : (
        <UnknownValue dense reason={t('library.contextUnknown')} />
      )
    case 'license':
      return <LicenseCell row={row} tabIndex={tabIndex} />
    case 'fit':
      return <FitCell row={row} />
    case 'place':
      return t(`library.place.${ownership === 'referenced' ? 'referenced' : place}`)
  }
}

function NameCell({ row: { file, model } }: { readonly row: LibraryRow }) {
  const { t } = useTranslation()
  const shards = file.shards > 1 ? ` · ${t('library.shards', { count: file.shards })}` : ''
  return (
    <span className={classes.name} title={file.path}>
      <span className={classes.nameText}>{file.name}</span>
      <span className={classes.under}>
        {model === null ? fileNameOf(file.path) : matchWords(t, file.match?.matchedBy, model.name)}
        {shards}
      </span>
    </span>
  )
}

function matchWords(t: TFunction, matchedBy: 'name' | 'shape' | undefined, model: string): string {
  return matchedBy === 'shape' ? t('library.byShape', { model }) : t('library.byName', { model })
}

function LicenseCell({ row: { file, model }, tabIndex }: Omit<LibraryCellProps, 'column'>) {
  const { t } = useTranslation()
  const ofModel = file.match?.matchedBy === 'name' ? (model?.license ?? null) : null
  const id = file.header?.license ?? ofModel
  if (id === null) return <UnknownValue dense reason={t('library.licenseUnknown')} />
  return <LicenseMark licenseId={id} tabIndex={tabIndex} />
}

function FitCell({ row: { fit, file } }: { readonly row: LibraryRow }) {
  const { t } = useTranslation()
  if (fit === null) {
    return file.header === null ? <UnknownValue dense reason={t('library.fitWaiting')} /> : null
  }
  const missing = missingBytes(fit)
  const reason = t('library.fitReason', {
    memory: formatFigureValue(fit.memory),
    budget: formatMemory(fit.budgetBytes),
    tokens: formatContext(fit.contextTokens),
    source: fit.memory.source,
  })
  return (
    <Tooltip multiline w={280} label={reason} events={{ hover: true, focus: true, touch: true }}>
      <span className={classes.name}>
        <span className={classes.fit}>
          <FitMark fit={fit.fit} />
          <BasisMark basis={fit.memory.basis} />
        </span>
        {missing === 0 ? null : (
          <span className={classes.under}>{t('figures.needsMore', { amount: formatMemory(missing) })}</span>
        )}
        <span className="visually-hidden">{reason}</span>
      </span>
    </Tooltip>
  )
}

function fileNameOf(path: string): string {
  return path.slice(Math.max(path.lastIndexOf('/'), path.lastIndexOf('\\')) + 1)
}
