import { Button } from '@mantine/core'
import { useTranslation } from 'react-i18next'
import { formatCount, formatSpeed } from '#core/figure/format-figure.ts'
import { machineFingerprint } from '#core/measure/machine-fingerprint.ts'
import type { SmokeRecord } from '#core/smoke/smoke-record.ts'
import { useMachineState } from '../../../app/use-stores.ts'
import classes from './measured.module.css'
import { useRemoval } from './use-removal.ts'

/** Every smoke test kept, newest first. */
export function SmokesTable({ smokes }: { readonly smokes: readonly SmokeRecord[] }) {
  const { t } = useTranslation()
  return (
    <div className={classes.scroll}>
      <table className={classes.runs}>
        <caption className={classes.caption}>{t('measurements.smokes')}</caption>
        <thead>
          <tr>
            <th scope="col">{t('measurements.model')}</th>
            <th scope="col">{t('measurements.outcome')}</th>
            <th scope="col" data-number>
              {t('measurements.decode')}
            </th>
            <th scope="col" data-number>
              {t('measurements.prefill')}
            </th>
            <th scope="col">{t('measurements.date')}</th>
            <th scope="col">{t('measurements.machine')}</th>
            <th scope="col">
              <span className="visually-hidden">{t('measurements.actions')}</span>
            </th>
          </tr>
        </thead>
        <tbody>
          {smokes.map((smoke) => (
            <Smoke key={smoke.id} smoke={smoke} />
          ))}
        </tbody>
      </table>
    </div>
  )
}

function Smoke({ smoke }: { readonly smoke: SmokeRecord }) {
  const { t } = useTranslation()
  const remove = useRemoval()
  const here = useMachineState((state) => (state.machine === null ? null : machineFingerprint(state.machine)))
  const { bench, checks, id, machine, machineName, measuredAt, passed, subject } = smoke
  const name = [subject.name, ...subject.adapters.map(({ fileName }) => fileName)].join(' + ')
  const asked = checks.filter(({ outcome }) => outcome !== 'not-asked')
  const held = asked.filter(({ outcome }) => outcome === 'passed')
  return (
    <tr>
      <th scope="row">{name}</th>
      <td>
        {t(passed ? 'measurements.smokePassed' : 'measurements.smokeFailed', {
          held: formatCount(held.length),
          asked: formatCount(asked.length),
        })}
      </td>
      <td data-number className="numeral">
        {bench === null ? t('figures.unknown') : `${formatSpeed(bench.decode.tokensPerSecond)} tok/s`}
      </td>
      <td data-number className="numeral">
        {bench === null ? t('figures.unknown') : `${formatSpeed(bench.prefill.tokensPerSecond)} tok/s`}
      </td>
      <td className="numeral">{measuredAt.slice(0, 10)}</td>
      <td className={classes.machine}>{machine === here ? t('measurements.thisMachine') : machineName}</td>
      <td>
        <Button
          size="compact-xs"
          variant="subtle"
          color="gray"
          aria-label={t('measurements.removeSmoke', { model: name })}
          onClick={() => remove([id], t('measurements.removed', { model: name }))}
        >
          {t('measurements.remove')}
        </Button>
      </td>
    </tr>
  )
}
