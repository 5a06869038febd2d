import { useTranslation } from 'react-i18next'
import type { ImportResult } from '#contract/measuring.ts'
import { formatCount } from '#core/figure/format-figure.ts'
import classes from './measured.module.css'

/** So many reasons are read; a file of something else has thousands. */
const SHOWN_REASONS = 20

/** What an import did: how many came in, which lines did not and why. */
export function ImportOutcome({ result }: { readonly result: ImportResult }) {
  const { t } = useTranslation()
  const { added, known, rejected } = result
  const shown = rejected.slice(0, SHOWN_REASONS)
  return (
    <div className={classes.imported}>
      <p>
        {[
          t('measurements.added', { count: added, number: formatCount(added) }),
          ...(known === 0 ? [] : [t('measurements.known', { count: known, number: formatCount(known) })]),
          ...(rejected.length === 0
            ? []
            : [t('measurements.rejected', { count: rejected.length, number: formatCount(rejected.length) })]),
        ].join(' ')}
      </p>
      {shown.length === 0 ? null : (
        <ul className={classes.reasons}>
          {shown.map(({ line, reason }) => (
            <li key={`${line} ${reason}`}>{t('measurements.line', { line: formatCount(line), reason })}</li>
          ))}
        </ul>
      )}
    </div>
  )
}
