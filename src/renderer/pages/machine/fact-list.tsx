import type { ReactNode } from 'react'
import { useTranslation } from 'react-i18next'
import type { Machine } from '#core/machine/machine.ts'
import { UnknownValue } from '../../components/figure/figure-value.tsx'
import { Sourced } from '../../components/sourced/sourced.tsx'
import classes from './machine.module.css'

/** One line of a list of facts; `value` null is shown as not known. */
export interface MachineFact {
  readonly name: string
  readonly value: ReactNode | null
  /** Path of the value in the machine record, for its source. */
  readonly path?: string
}

interface FactListProps {
  readonly facts: readonly MachineFact[]
  readonly sources: Machine['sources']
}

export function FactList({ facts, sources }: FactListProps) {
  const { t } = useTranslation()
  return (
    <dl className={classes.facts}>
      {facts.map(({ name, value, path }) => (
        <div key={name} className={classes.fact}>
          <dt>{name}</dt>
          <dd>
            {value === null ? (
              <UnknownValue reason={t('machine.noToolSaid')} />
            ) : (
              <Sourced source={path === undefined ? undefined : sources[path]}>
                <span className="numeral">{value}</span>
              </Sourced>
            )}
          </dd>
        </div>
      ))}
    </dl>
  )
}
