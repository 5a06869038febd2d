import { Button } from '@mantine/core'
import { useState } from 'react'
import { useTranslation } from 'react-i18next'
import { Comparison } from './comparison.tsx'
import classes from './comparison.module.css'
import type { ModelRow } from './model-row.ts'
import { MOST_COMPARED } from './models-view.ts'

interface CompareBarProps {
  /** In the order they were marked. */
  readonly rows: readonly ModelRow[]
  readonly onRemove: (id: string) => void
  readonly onClear: () => void
}

/** Appears with the first model marked: what is marked, and the way to see it side by side. */
export function CompareBar({ rows, onRemove, onClear }: CompareBarProps) {
  const { t } = useTranslation()
  const [open, setOpen] = useState(false)
  if (rows.length === 0) return null
  return (
    <section className={classes.bar} aria-label={t('models.compare')}>
      <span role="status">
        {t('models.comparing', { count: rows.length })}
        {rows.length === MOST_COMPARED ? `. ${t('models.compareFull')}` : ''}
      </span>
      <Button size="compact-sm" onClick={() => setOpen(true)}>
        {t('models.compareShow')}
      </Button>
      <Button size="compact-sm" variant="subtle" color="gray" onClick={onClear}>
        {t('models.compareClear')}
      </Button>
      <Comparison rows={rows} opened={open} onClose={() => setOpen(false)} onRemove={onRemove} />
    </section>
  )
}
