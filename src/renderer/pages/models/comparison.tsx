import { Button, Drawer } from '@mantine/core'
import { useTranslation } from 'react-i18next'
import { Link } from 'wouter'
import { planHref } from '../../app/routes.ts'
import classes from './comparison.module.css'
import { ModelCell } from './model-cell.tsx'
import { MODEL_COLUMNS } from './model-columns.ts'
import { rowRuns } from './model-row.ts'
import type { ModelRow } from './model-row.ts'

interface ComparisonProps {
  readonly rows: readonly ModelRow[]
  readonly opened: boolean
  readonly onClose: () => void
  readonly onRemove: (id: string) => void
}

/** The figures of the table, turned round: one model a column. */
export function Comparison({ rows, opened, onClose, onRemove }: ComparisonProps) {
  const { t } = useTranslation()
  return (
    <Drawer
      opened={opened}
      onClose={onClose}
      position="bottom"
      size="min(600px, 90dvh)"
      title={t('models.compareTitle')}
      closeButtonProps={{ 'aria-label': t('frame.close') }}
    >
      <div className={classes.scroll} tabIndex={0} role="region" aria-label={t('models.compareTitle')}>
        <table className={classes.table}>
          <thead>
            <tr>
              <td />
              {rows.map(({ model }) => (
                <th key={model.id} scope="col">
                  <Link href={planHref({ modelId: model.id })}>{model.name}</Link>
                  <span className={classes.developer}>{model.developer}</span>
                </th>
              ))}
            </tr>
          </thead>
          <tbody>
            {MODEL_COLUMNS.filter(({ id }) => id !== 'model' && id !== 'developer').map(({ id }) => (
              <tr key={id}>
                <th scope="row">{t(`models.column.${id}`)}</th>
                {rows.map((row) => (
                  <td key={row.model.id} data-runs={rowRuns(row) ? 'yes' : 'no'}>
                    <span className={classes.cell}>
                      <ModelCell column={id} row={row} tabIndex={0} />
                    </span>
                  </td>
                ))}
              </tr>
            ))}
            <tr>
              <td />
              {rows.map(({ model }) => (
                <td key={model.id}>
                  <Button size="compact-xs" variant="subtle" color="gray" onClick={() => onRemove(model.id)}>
                    {t('models.compareRemove', { name: model.name })}
                  </Button>
                </td>
              ))}
            </tr>
          </tbody>
        </table>
      </div>
    </Drawer>
  )
}
