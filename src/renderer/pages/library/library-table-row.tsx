import { ActionIcon, Button, Tooltip } from '@mantine/core'
import { IconEyeOff, IconListDetails, IconTrash } from '@tabler/icons-react'
import { useTranslation } from 'react-i18next'
import { Link } from 'wouter'
import { planHref, smokeHref } from '../../app/routes.ts'
import { DataRow, type RowPlace } from '../../components/data-table/data-row.tsx'
import { LibraryCell } from './library-cell.tsx'
import { LIBRARY_COLUMNS } from './library-columns.ts'
import type { LibraryRow } from './library-row.ts'
import classes from './library-table.module.css'

interface LibraryTableRowProps {
  readonly row: LibraryRow
  readonly place: RowPlace
  readonly onRemove: (row: LibraryRow) => void
}

/** One model or adapter of the list. */
export function LibraryTableRow({ row, place, onRemove }: LibraryTableRowProps) {
  const { tabIndex } = place
  return (
    <DataRow place={place} className={classes.row} greyed={row.fit?.fit === 'no'}>
      {LIBRARY_COLUMNS.map(({ id, numeric }) => (
        <td key={id} data-numeric={numeric || undefined}>
          <LibraryCell column={id} row={row} tabIndex={tabIndex} />
        </td>
      ))}
      <td data-actions>
        <RowActions row={row} tabIndex={tabIndex} onRemove={onRemove} />
      </td>
    </DataRow>
  )
}

interface RowActionsProps {
  readonly row: LibraryRow
  readonly tabIndex: 0 | -1
  readonly onRemove: (row: LibraryRow) => void
}

function RowActions({ row, tabIndex, onRemove }: RowActionsProps) {
  const { t } = useTranslation()
  const { file, model, ownership } = row
  const { name, path, header } = file
  const isOwn = ownership === 'own'
  const Icon = isOwn ? IconTrash : IconEyeOff
  return (
    <span className={classes.actions}>
      {header?.kind === 'model' ? (
        <Button
          component={Link}
          href={smokeHref({ file: path })}
          size="compact-xs"
          variant="light"
          tabIndex={tabIndex}
          aria-label={t('library.tryItOf', { name })}
        >
          {t('library.tryIt')}
        </Button>
      ) : null}
      {model === null ? null : (
        <Tooltip label={t('library.detailsOf', { name })} openDelay={300}>
          <ActionIcon
            component={Link}
            href={planHref({
              modelId: model.id,
              ...(header === null || header.quantizationId === null
                ? {}
                : { quantizationId: header.quantizationId }),
            })}
            variant="subtle"
            size={28}
            tabIndex={tabIndex}
            aria-label={t('library.detailsOf', { name })}
          >
            <IconListDetails size={16} aria-hidden />
          </ActionIcon>
        </Tooltip>
      )}
      {ownership === 'other' ? null : (
        <Tooltip label={t(isOwn ? 'library.removeOf' : 'library.forgetOf', { name })} openDelay={300}>
          <ActionIcon
            variant="subtle"
            color="gray"
            size={28}
            tabIndex={tabIndex}
            aria-label={t(isOwn ? 'library.removeOf' : 'library.forgetOf', { name })}
            onClick={() => onRemove(row)}
          >
            <Icon size={16} aria-hidden />
          </ActionIcon>
        </Tooltip>
      )}
    </span>
  )
}
