import colors from 'picocolors'

/** How text may look on one stream: colours that are the identity when piped, and the width to keep to. */
export interface Style {
  readonly bold: (text: string) => string
  readonly dim: (text: string) => string
  readonly good: (text: string) => string
  readonly warn: (text: string) => string
  readonly bad: (text: string) => string
  /** Columns of the terminal; null when piped: nothing is cut then. */
  readonly terminalColumns: number | null
}

/** Narrower terminals get the value of a figure alone; piped output and wide ones its interval too. */
const COLUMNS_FOR_INTERVALS = 140

/** True where a table has no room for intervals and pools. */
export function isNarrow({ terminalColumns }: Style): boolean {
  return terminalColumns !== null && terminalColumns < COLUMNS_FOR_INTERVALS
}

interface StreamFacts {
  readonly isTTY?: boolean
  readonly columns?: number
}

/** Colours only on a terminal that wants them (NO_COLOR, TERM=dumb and pipes do not). */
export function styleOf(
  stream: StreamFacts,
  environment: Readonly<Record<string, string | undefined>>,
): Style {
  const isTerminal = stream.isTTY === true
  const noColor = (environment.NO_COLOR ?? '') !== '' || environment.TERM === 'dumb'
  const paint = colors.createColors(isTerminal && !noColor)
  return {
    bold: paint.bold,
    dim: paint.dim,
    good: paint.green,
    warn: paint.yellow,
    bad: paint.red,
    terminalColumns: isTerminal ? (stream.columns ?? 80) : null,
  }
}
