import { Tooltip } from '@mantine/core'
import type { ReactNode } from 'react'
import { useTranslation } from 'react-i18next'
import type { ValueSource } from '#core/machine/machine.ts'
import { BasisMark } from '../figure/basis-mark.tsx'
import classes from './sourced.module.css'

/** Source of values the user made up. */
const INVENTED = 'what-if'

interface SourcedProps {
  /** Where the value was read; undefined where the scan kept no source for it. */
  readonly source: ValueSource | undefined
  readonly children: ReactNode
}

/** A value of the scan with the tool it came from, what other tools said and which rule settled it. */
export function Sourced({ source, children }: SourcedProps) {
  const { t } = useTranslation()
  if (source === undefined) return <>{children}</>
  const invented = source.source === INVENTED
  const lines = [
    invented ? t('machine.asIfValue') : t('machine.readFrom', { source: source.source }),
    ...(source.others ?? []).map((other) =>
      t('machine.otherSaid', { source: other.source, value: other.value }),
    ),
    ...(source.rule === undefined ? [] : [t('machine.settledBy', { rule: source.rule })]),
  ]
  return (
    <Tooltip
      multiline
      w={280}
      events={{ hover: true, focus: true, touch: true }}
      label={
        <span className={classes.detail}>
          {lines.map((line) => (
            <span key={line}>{line}</span>
          ))}
        </span>
      }
    >
      <span className={classes.sourced}>
        {children}
        <button type="button" className={classes.mark} aria-label={lines.join(' ')}>
          {invented ? <span aria-hidden="true">{t('machine.asIfTag')}</span> : <BasisMark basis="measured" />}
        </button>
      </span>
    </Tooltip>
  )
}
