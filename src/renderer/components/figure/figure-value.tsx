import { Tooltip } from '@mantine/core'
import type { ReactNode } from 'react'
import { useTranslation } from 'react-i18next'
import { isKnown, type Figure, type MaybeFigure } from '#core/figure/figure.ts'
import { BasisMark } from './basis-mark.tsx'
import { FigureDetail } from './figure-detail.tsx'
import { figureText, intervalText, type FigureKind } from './figure-text.ts'
import classes from './figure.module.css'

interface FigureValueProps {
  readonly figure: MaybeFigure
  /** `file`: bytes of a file or disk, shown in GB. */
  readonly kind?: FigureKind
  /** Inside dense tables: no tab stop of its own, the interval only on hover. */
  readonly dense?: boolean
}

/** A number with its unit, its basis mark and, on hover or focus, how it is known. */
export function FigureValue({ figure, kind = 'memory', dense = false }: FigureValueProps) {
  return isKnown(figure) ? (
    <KnownValue figure={figure} kind={kind} dense={dense} />
  ) : (
    <UnknownValue reason={figure.reason} dense={dense} />
  )
}

interface KnownValueProps {
  readonly figure: Figure
  readonly kind: FigureKind
  readonly dense: boolean
}

function KnownValue({ figure, kind, dense }: KnownValueProps) {
  const { t } = useTranslation()
  const { number, unit, interval } = figureText(figure, kind)
  const range = intervalText(figure)
  const name = [
    t(`figures.${figure.basis}`),
    figure.source,
    range === null ? '' : t('figures.intervalIs', { range }),
  ]
    .filter((part) => part !== '')
    .join('; ')
  return (
    <Tooltip
      multiline
      w={280}
      events={{ hover: true, focus: true, touch: true }}
      label={<FigureDetail figure={figure} />}
    >
      <span className={classes.figure}>
        <span className="numeral">{number}</span>
        <span className={classes.unit}>{unit}</span>
        {dense || interval === '' ? null : <span className={classes.interval}>{interval}</span>}
        <MarkHolder dense={dense} name={name}>
          <BasisMark basis={figure.basis} />
        </MarkHolder>
      </span>
    </Tooltip>
  )
}

interface UnknownValueProps {
  readonly reason: string
  readonly dense?: boolean
}

/** A value nobody knows: says so, and why on hover or focus. */
export function UnknownValue({ reason, dense = false }: UnknownValueProps) {
  const { t } = useTranslation()
  const because = t('figures.unknownBecause', { reason })
  return (
    <Tooltip multiline w={280} events={{ hover: true, focus: true, touch: true }} label={because}>
      <span className={classes.figure}>
        <span className={classes.unknown}>{t('figures.unknown')}</span>
        <MarkHolder dense={dense} name={because}>
          <span aria-hidden="true">?</span>
        </MarkHolder>
      </span>
    </Tooltip>
  )
}

interface MarkHolderProps {
  readonly dense: boolean
  readonly name: string
  readonly children: ReactNode
}

/** The mark as something the keyboard reaches; inside dense tables the words are only read out. */
function MarkHolder({ dense, name, children }: MarkHolderProps) {
  if (dense) {
    return (
      <span className={classes.mark}>
        {children}
        <span className="visually-hidden">{name}</span>
      </span>
    )
  }
  return (
    <button type="button" className={classes.mark} aria-label={name}>
      {children}
    </button>
  )
}
