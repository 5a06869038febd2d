import { memo, useId, useRef, useState } from 'react'
import type { KeyboardEvent } from 'react'
import { useTranslation } from 'react-i18next'
import { formatContext, formatMemory, numberAndUnit } from '#core/figure/format-figure.ts'
import type { LadderCell } from '#core/plan/plan-ladder.ts'
import { FitMark } from '../../components/fit-mark/fit-mark.tsx'
import { cellAfterKey } from './grid-keys.ts'
import type { GridPlace } from './grid-keys.ts'
import classes from './plan-grid.module.css'
import type { Ladder } from './use-plan.ts'

interface PlanGridProps {
  readonly ladder: Ladder
  readonly onChoose: (quantizationId: string, contextTokens: number) => void
}

/** Quantization against context as a table of cells: fit, memory, speed; the arrow keys walk, Enter or a click chooses. */
export const PlanGrid = memo(function PlanGrid({ ladder, onChoose }: PlanGridProps) {
  const { t } = useTranslation()
  const { cells, users, chosen } = ladder
  const caption = useId()
  const quantizations = [...new Set(cells.map((cell) => cell.quantization))]
  const contexts = [...new Set(cells.map((cell) => cell.contextTokens))]
  const byPlace = new Map(cells.map((cell) => [`${cell.quantization} ${cell.contextTokens}`, cell]))
  const start: GridPlace = {
    row: Math.max(quantizations.indexOf(chosen.quantizationId), 0),
    column: Math.max(contexts.indexOf(chosen.contextTokens), 0),
  }
  const [walked, setWalked] = useState<GridPlace | null>(null)
  const place = walked ?? start
  const table = useRef<HTMLTableElement>(null)

  function onKeyDown(event: KeyboardEvent, at: GridPlace): void {
    const to = cellAfterKey(event.key, at, { rows: quantizations.length, columns: contexts.length })
    if (to === null) return
    event.preventDefault()
    setWalked(to)
    table.current?.querySelector<HTMLElement>(`[data-place="${to.row} ${to.column}"]`)?.focus()
  }

  return (
    <div className={classes.scroll}>
      <table className={classes.grid} role="grid" ref={table} aria-labelledby={caption}>
        <caption id={caption} className="visually-hidden">
          {t('model.ladderCaption', { users: t('model.usersAtOnce', { count: users }) })}
        </caption>
        <thead>
          <tr>
            <th scope="col">{t('model.ladderQuantization')}</th>
            {contexts.map((tokens) => (
              <th key={tokens} scope="col">
                {formatContext(tokens)}
              </th>
            ))}
          </tr>
        </thead>
        <tbody>
          {quantizations.map((quantizationId, row) => (
            <tr key={quantizationId}>
              <th scope="row">{quantizationId}</th>
              {contexts.map((contextTokens, column) => {
                const cell = byPlace.get(`${quantizationId} ${contextTokens}`)
                if (cell === undefined) return <td key={contextTokens} />
                const isChosen =
                  quantizationId === chosen.quantizationId && contextTokens === chosen.contextTokens
                return (
                  <td key={contextTokens} data-fit={cell.fit} aria-selected={isChosen}>
                    <button
                      type="button"
                      className={classes.cell}
                      data-place={`${row} ${column}`}
                      tabIndex={row === place.row && column === place.column ? 0 : -1}
                      onFocus={() => setWalked({ row, column })}
                      onKeyDown={(event) => onKeyDown(event, { row, column })}
                      onClick={() => onChoose(quantizationId, contextTokens)}
                    >
                      <CellText cell={cell} />
                    </button>
                  </td>
                )
              })}
            </tr>
          ))}
        </tbody>
      </table>
    </div>
  )
})

function CellText({ cell }: { readonly cell: LadderCell }) {
  return (
    <>
      <span className={classes.figures}>
        <FitMark dense fit={cell.fit} /> {formatMemory(cell.totalBytes)}
      </span>
      <span className={classes.figures}>{useSpeedOrLack(cell)}</span>
    </>
  )
}

/** The speed, or what is missing where there is none. */
function useSpeedOrLack(cell: LadderCell): string {
  const { t } = useTranslation()
  if (cell.fit === 'no') return t('model.ladderMissing', { amount: formatMemory(cell.missingBytes) })
  if (cell.decodeTokensPerSecond === null) return t('model.ladderSpeedUnknown')
  return numberAndUnit(cell.decodeTokensPerSecond, 'tokensPerSecond').join('')
}
