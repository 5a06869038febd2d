import { Button } from '@mantine/core'
import { useTranslation } from 'react-i18next'
import type { FinishedSmokeTest } from '#contract/chatting.ts'
import { compareSmokeTests, type ComparedNumber } from '#core/smoke/compare-smoke-tests.ts'
import type { SmokeRecord } from '#core/smoke/smoke-record.ts'
import { formatFileSize, formatMemory, formatNumber, formatSpeed } from '#core/figure/format-figure.ts'
import type { MaybeFigure } from '#core/figure/figure.ts'
import { saveFile } from '../../../app/save-file.ts'
import { FigureValue } from '../../../components/figure/figure-value.tsx'
import { CheckList } from './check-list.tsx'
import classes from './smoke-test.module.css'

/** What smoke tests found; two of them are set side by side. */
export function SmokeResults({ tests }: { readonly tests: readonly FinishedSmokeTest[] }) {
  const { t } = useTranslation()
  const [first, second] = tests.map(({ record }) => record)
  if (first === undefined) return null
  return (
    <>
      {second === undefined ? null : <Comparison first={first} second={second} />}
      {tests.map((test) => (
        <Result key={test.record.id} test={test} />
      ))}
      <Button
        size="compact-sm"
        variant="default"
        className={classes.start}
        onClick={() => {
          const text = JSON.stringify(
            tests.map(({ record }) => record),
            null,
            2,
          )
          saveFile(new Blob([text], { type: 'application/json' }), 'inhouse-smoke-test.json')
        }}
      >
        {t('smoke.saveTest')}
      </Button>
    </>
  )
}

function Result({ test }: { readonly test: FinishedSmokeTest }) {
  const { t } = useTranslation()
  const { notKept, record } = test
  const { bench, checks, memory, passed, subject } = record
  const failed = checks.filter(({ outcome }) => outcome === 'failed').length
  return (
    <div className={classes.result}>
      <p className={classes.verdict} data-passed={passed} role="status">
        {passed
          ? t('smoke.passed', { model: titleOf(record) })
          : t('smoke.failed', { model: titleOf(record), count: failed })}
      </p>
      {subject.kind === 'pilot' ? <p className="lighter">{t('smoke.pilotPassed')}</p> : null}
      <CheckList results={checks} current={null} />
      {bench === null ? null : (
        <dl className={classes.bench}>
          <dt>{t('smoke.benchPrefillName', { count: bench.prefill.promptTokens })}</dt>
          <dd>
            <FigureValue figure={speedFigure(bench.prefill, t('smoke.benchSource'))} />
          </dd>
          <dt>{t('smoke.benchDecodeName', { count: bench.decode.generatedTokens })}</dt>
          <dd>
            <FigureValue figure={speedFigure(bench.decode, t('smoke.benchSource'))} />
          </dd>
          {memory === null ? null : (
            <>
              <dt>{t('smoke.ram')}</dt>
              <dd>
                <FigureValue
                  figure={{
                    value: memory.residentBytes,
                    unit: 'bytes',
                    basis: 'measured',
                    source: t('smoke.fromProcess'),
                  }}
                />
              </dd>
            </>
          )}
        </dl>
      )}
      <p className="lighter">
        {notKept === null ? t('smoke.kept') : t('smoke.notKept', { reason: notKept })}
      </p>
    </div>
  )
}

interface Speed {
  readonly tokensPerSecond: number
  readonly lowTokensPerSecond: number
  readonly highTokensPerSecond: number
}

function speedFigure(speed: Speed, source: string): MaybeFigure {
  return {
    value: speed.tokensPerSecond,
    low: speed.lowTokensPerSecond,
    high: speed.highTokensPerSecond,
    unit: 'tokensPerSecond',
    basis: 'measured',
    source,
  }
}

interface ComparisonProps {
  readonly first: SmokeRecord
  readonly second: SmokeRecord
}

/** The differences of two tests. */
function Comparison({ first, second }: ComparisonProps) {
  const { t } = useTranslation()
  const comparison = compareSmokeTests(first, second)
  const numbers: readonly (readonly [string, ComparedNumber, (value: number) => string])[] = [
    [t('smoke.decode'), comparison.decode, (value) => `${formatSpeed(value)} tok/s`],
    [t('smoke.prefill'), comparison.prefill, (value) => `${formatSpeed(value)} tok/s`],
    [t('smoke.fileSize'), comparison.fileBytes, formatFileSize],
    [t('smoke.ram'), comparison.residentBytes, formatMemory],
    [t('smoke.accelerators'), comparison.acceleratorBytes, formatMemory],
  ]
  const shown = numbers.filter(([, { values }]) => values.some((value) => value !== null))
  return (
    <div className={classes.wide} tabIndex={0} role="region" aria-label={t('smoke.comparison')}>
      <table className={classes.comparison}>
        <caption>{t('smoke.comparison')}</caption>
        <thead>
          <tr>
            <td />
            <th scope="col">{titleOf(first)}</th>
            <th scope="col">{titleOf(second)}</th>
            <th scope="col">{t('smoke.ratio')}</th>
          </tr>
        </thead>
        <tbody>
          {shown.map(([name, { ratio, values }, format]) => (
            <tr key={name}>
              <th scope="row">{name}</th>
              {values.map((value, index) => (
                // Two columns, always in this order.
                <td key={index}>{value === null ? t('figures.unknown') : format(value)}</td>
              ))}
              <td>{ratio === null ? '' : t('smoke.times', { number: formatNumber(ratio) })}</td>
            </tr>
          ))}
          {comparison.checks.map(({ id, outcomes, sameAnswers }) => (
            <tr key={id}>
              <th scope="row">{t(`smoke.check.${id}`)}</th>
              {outcomes.map((outcome, index) => (
                <td key={index}>{outcome === null ? t('figures.unknown') : t(`smoke.outcome.${outcome}`)}</td>
              ))}
              <td>
                {sameAnswers === null ? '' : sameAnswers ? t('smoke.sameAnswers') : t('smoke.otherAnswers')}
              </td>
            </tr>
          ))}
        </tbody>
      </table>
    </div>
  )
}

function titleOf({ subject }: SmokeRecord): string {
  const adapters = subject.adapters.map(({ fileName, scale }) => `${fileName} × ${scale}`)
  return [subject.name, ...adapters].join(' + ')
}
