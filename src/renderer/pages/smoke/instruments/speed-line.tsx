import { isKnown, type MaybeFigure } from '#core/figure/figure.ts'
import classes from './instruments.module.css'

interface SpeedLineProps {
  /** Decode speed as the answer went on. */
  readonly speeds: readonly number[]
  readonly predicted: MaybeFigure | null
}

const WIDTH = 240
const HEIGHT = 40
/** Room above the highest value. */
const HEADROOM = 1.1

/** The decode speed of the answer that comes, the predicted band behind it; the numbers stand beside it as text. */
export function SpeedLine({ speeds, predicted }: SpeedLineProps) {
  if (speeds.length < 2) return null
  const band = predicted !== null && isKnown(predicted) ? predicted : null
  const low = band?.low ?? band?.value ?? 0
  const high = band?.high ?? band?.value ?? 0
  const most = Math.max(...speeds, high) * HEADROOM
  const y = (value: number) => HEIGHT - (value / most) * HEIGHT
  const step = WIDTH / (speeds.length - 1)
  const points = speeds.map((speed, index) => `${index * step},${y(speed)}`).join(' ')
  return (
    <svg
      className={classes.line}
      viewBox={`0 0 ${WIDTH} ${HEIGHT}`}
      preserveAspectRatio="none"
      aria-hidden="true"
    >
      {band === null ? null : (
        <rect
          className={classes.band}
          x={0}
          y={y(high)}
          width={WIDTH}
          height={Math.max(1, y(low) - y(high))}
        />
      )}
      <polyline className={classes.stroke} points={points} />
    </svg>
  )
}
