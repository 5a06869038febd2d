import { useId } from 'react'
import type { CSSProperties } from 'react'
import { useTranslation } from 'react-i18next'
import { formatFigure, formatMemory } from '#core/figure/format-figure.ts'
import type { MemoryParts } from '#core/plan/plan.ts'
import { FigureValue } from '../figure/figure-value.tsx'
import { memoryBarParts } from './memory-bar-parts.ts'
import classes from './memory-bar.module.css'

interface MemoryBarProps {
  /** What the memory belongs to: "RTX 4090". */
  readonly label: string
  readonly memory: MemoryParts
  readonly reserveBytes?: number
  /** Names and sizes of the parts under the bar. */
  readonly legend?: boolean
}

/** A plan's memory against its budget: what is drawn is also a table for those who cannot see it. */
export function MemoryBar({ label, memory, reserveBytes = 0, legend = false }: MemoryBarProps) {
  const { t } = useTranslation()
  const caption = useId()
  const view = memoryBarParts(memory, reserveBytes)
  return (
    <div className={classes.holder}>
      <div className={classes.bar} aria-hidden="true">
        <span className={classes.budget} style={widthOf(view.budgetShare)} />
        <span className={classes.reserve} style={widthOf(view.reserveShare)} />
        <span className={classes.parts}>
          {view.parts.map(({ name, figure, share }) => (
            <span
              key={name}
              className={classes.part}
              data-part={name}
              style={widthOf(share)}
              title={`${t(`figures.${name}`)}: ${formatFigure(figure)}`}
            />
          ))}
        </span>
      </div>
      <table className={legend ? classes.legend : 'visually-hidden'} aria-labelledby={caption}>
        <caption id={caption} className="visually-hidden">
          {t('figures.memoryOf', { pool: label })}
        </caption>
        <thead className="visually-hidden">
          <tr>
            <th scope="col">{t('figures.part')}</th>
            <th scope="col">{t('figures.size')}</th>
          </tr>
        </thead>
        <tbody>
          {view.parts.map(({ name, figure }) => (
            <tr key={name}>
              <th scope="row">
                <span className={classes.swatch} data-part={name} aria-hidden="true" />
                {t(`figures.${name}`)}
              </th>
              <td>{legend ? <FigureValue figure={figure} /> : formatFigure(figure)}</td>
            </tr>
          ))}
          <tr className={classes.sum}>
            <th scope="row">{t('figures.total')}</th>
            <td>{legend ? <FigureValue figure={memory.total} /> : formatFigure(memory.total)}</td>
          </tr>
          <tr>
            <th scope="row">{t('figures.budget')}</th>
            <td>{legend ? <FigureValue figure={memory.budget} /> : formatFigure(memory.budget)}</td>
          </tr>
        </tbody>
      </table>
      {view.overBytes > 0 ? (
        <p className={classes.over}>{t('figures.over', { amount: formatMemory(view.overBytes) })}</p>
      ) : null}
    </div>
  )
}

function widthOf(share: number): CSSProperties {
  return { width: `${share * 100}%` }
}
