import { Button } from '@mantine/core'
import { useTranslation } from 'react-i18next'
import { useStore } from 'zustand'
import { expectedFirstToken } from '#core/chat/expected-first-token.ts'
import type { RunPrediction } from '#core/chat/run-prediction.ts'
import type { Figure, FigureUnit, MaybeFigure } from '#core/figure/figure.ts'
import { formatCount } from '#core/figure/format-figure.ts'
import { predictedAccelerator, predictedRam } from '#core/measure/predicted-memory.ts'
import type { ChatStore } from '../../../stores/chat-store.ts'
import type { SessionState, SessionStore } from '../../../stores/session-store.ts'
import { MemoryBar } from '../../../components/memory-bar/memory-bar.tsx'
import { useAsking } from '../use-asking.ts'
import { ContextMeter } from './context-meter.tsx'
import { Reading } from './reading.tsx'
import { SpeedLine } from './speed-line.tsx'
import classes from './instruments.module.css'

interface InstrumentsProps {
  readonly chat: ChatStore
  readonly session: SessionStore
}

/** What a chat takes, live, beside what was predicted. */
export function Instruments({ chat, session }: InstrumentsProps) {
  const { t } = useTranslation()
  const state = useStore(session)
  const isReady = state.kind === 'ready'
  return (
    <section className={classes.instruments}>
      <h2>{isReady ? t('smoke.numbersOf', { model: state.info.name }) : t('smoke.numbers')}</h2>
      {isReady ? (
        <Readings chat={chat} state={state} />
      ) : (
        <NotLoaded fraction={state.kind === 'loading' ? state.fraction : null} />
      )}
    </section>
  )
}

/** A model that nobody has asked anything yet may be loaded all the same, for its memory. */
function NotLoaded({ fraction }: { readonly fraction: number | null }) {
  const { t } = useTranslation()
  const { load } = useAsking()
  return (
    <>
      <p className="lighter">{t('smoke.numbersEmpty')}</p>
      <Button
        size="sm"
        variant="default"
        className={classes.load}
        disabled={fraction !== null}
        onClick={load}
      >
        {fraction === null
          ? t('smoke.load')
          : `${t('smoke.loading')} ${t('smoke.percent', { number: formatCount(Math.floor(fraction * 100)) })}`}
      </Button>
    </>
  )
}

interface ReadingsProps {
  readonly chat: ChatStore
  readonly state: Extract<SessionState, { readonly kind: 'ready' }>
}

function Readings({ chat, state }: ReadingsProps) {
  const { t } = useTranslation()
  const { info, live } = state
  const { prediction } = info
  const speeds = useStore(chat, ({ coming }) => coming?.speeds)
  const last = useStore(
    chat,
    ({ messages }) => messages.findLast(({ generation }) => generation !== null)?.generation ?? null,
  )
  const nowSpeed = speeds?.at(-1) ?? last?.decodeTokensPerSecond ?? null
  const evaluated = last === null ? null : (last.promptTokens ?? 0) - (last.reusedTokens ?? 0)
  const memory = info.kind === 'endpoint' ? null : (live?.memory ?? last?.memory ?? null)
  return (
    <>
      <dl className={classes.readings}>
        <Reading
          name={t('smoke.decode')}
          measured={measured(nowSpeed, 'tokensPerSecond', t('smoke.fromAnswer'), t('smoke.notYet'))}
          predicted={prediction?.decode ?? null}
        >
          <SpeedLine speeds={speeds ?? []} predicted={prediction?.decode ?? null} />
        </Reading>
        <Reading
          name={t('smoke.prefill')}
          measured={measured(
            last?.prefillTokensPerSecond ?? null,
            'tokensPerSecond',
            t('smoke.fromAnswer'),
            last === null ? t('smoke.notYet') : t('smoke.tooShort'),
          )}
          predicted={prediction?.prefill ?? null}
        />
        <Reading
          name={t('smoke.firstToken')}
          measured={measured(
            last?.timeToFirstTokenSeconds ?? null,
            'seconds',
            t('smoke.fromAnswer'),
            t('smoke.notYet'),
          )}
          predicted={
            prediction === null || evaluated === null ? null : expectedFirstToken(prediction, evaluated)
          }
        />
        {memory === null ? null : (
          <>
            <Reading
              name={t('smoke.ram')}
              measured={measured(memory.residentBytes, 'bytes', t('smoke.fromProcess'), t('smoke.notYet'))}
              predicted={prediction === null ? null : predictedRam(prediction)}
            />
            {memory.acceleratorBytes === null ? null : (
              <Reading
                name={t('smoke.accelerators')}
                measured={measured(
                  memory.acceleratorBytes,
                  'bytes',
                  t('smoke.fromDriver'),
                  t('smoke.notYet'),
                )}
                predicted={prediction === null ? null : predictedAccelerator(prediction)}
              />
            )}
          </>
        )}
      </dl>
      {info.noPrediction === null ? null : (
        <p className="lighter">{t('smoke.noPrediction', { reason: info.noPrediction })}</p>
      )}
      {prediction === null ? null : <Pools prediction={prediction} />}
      <ContextMeter usedTokens={last?.contextUsedTokens ?? 0} contextTokens={info.contextTokens} />
      <Facts state={state} />
    </>
  )
}

function measured(value: number | null, unit: FigureUnit, source: string, reason: string): MaybeFigure {
  if (value === null) return { value: null, unit, reason }
  return { value, unit, basis: 'measured', source } satisfies Figure
}

/** Where the memory was expected to go. */
function Pools({ prediction }: { readonly prediction: RunPrediction }) {
  const { t } = useTranslation()
  return (
    <details className={classes.pools}>
      <summary>{t('smoke.pools')}</summary>
      {prediction.pools.map(({ label, memory, pool, reserveBytes }) => (
        <div key={pool}>
          <h3>{label}</h3>
          <MemoryBar label={label} memory={memory} reserveBytes={reserveBytes} legend />
        </div>
      ))}
    </details>
  )
}

/** What is loaded, and how. */
function Facts({ state }: Pick<ReadingsProps, 'state'>) {
  const { t } = useTranslation()
  const { info, live } = state
  const { engine, gpuLayers, prediction, template, totalLayers } = info
  const facts = [
    engine === null
      ? null
      : t('smoke.engine', { release: engine.release ?? '', backend: engine.backend, count: engine.threads }),
    gpuLayers === null || totalLayers === null
      ? null
      : t('smoke.layers', { layers: formatCount(gpuLayers), total: formatCount(totalLayers) }),
    prediction === null || prediction.gpuLayers === gpuLayers
      ? null
      : t('smoke.layersPredicted', { layers: formatCount(prediction.gpuLayers) }),
    prediction?.matchedBy === 'shape' ? t('smoke.sameShape', { model: prediction.modelName }) : null,
    template === 'plain' ? t('smoke.plainTemplate') : null,
    live !== null && live.windows > 1 ? t('smoke.windows', { count: live.windows }) : null,
  ]
  return (
    <ul className={classes.facts}>
      {facts
        .filter((fact) => fact !== null)
        .map((fact) => (
          <li key={fact}>{fact}</li>
        ))}
    </ul>
  )
}
