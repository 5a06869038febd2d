import { cutToWidth, textWidth } from './text-width.ts'

export interface TableColumn {
  readonly title: string
  readonly align?: 'left' | 'right'
  /** May be narrowed when the terminal is. */
  readonly flexible?: boolean
  /** Left out, last ones first, when narrowing is not enough. */
  readonly optional?: boolean
}

/** A cell may be painted only after it was padded, so that colours do not count as width. */
export interface TableCell {
  readonly text: string
  readonly paint?: (text: string) => string
}

export interface Table {
  readonly columns: readonly TableColumn[]
  readonly rows: readonly (readonly (string | TableCell)[])[]
}

const GAP = '  '
/** Narrowed to this a name still reads well; further only when no optional column is left to drop. */
const COMFORTABLE_WIDTH = 20
const LEAST_WIDTH = 12

function cellOf(cell: string | TableCell): TableCell {
  return typeof cell === 'string' ? { text: cell } : cell
}

function widthOf(widths: readonly number[]): number {
  return widths.reduce((sum, width) => sum + width + GAP.length, -GAP.length)
}

function naturalWidths(table: Table): readonly number[] {
  return table.columns.map((column, index) =>
    Math.max(textWidth(column.title), ...table.rows.map((row) => textWidth(cellOf(row[index] ?? '').text))),
  )
}

function narrowedWidths(table: Table, terminalColumns: number, least: number): readonly number[] {
  const widths = naturalWidths(table)
  let excess = widthOf(widths) - terminalColumns
  return widths.map((width, index) => {
    if (excess <= 0 || table.columns[index]?.flexible !== true) return width
    const narrowed = Math.min(width, Math.max(least, width - excess))
    excess -= width - narrowed
    return narrowed
  })
}

function withoutColumn(table: Table, index: number): Table {
  return {
    columns: table.columns.toSpliced(index, 1),
    rows: table.rows.map((row) => row.toSpliced(index, 1)),
  }
}

/** The table as the terminal can show it, with the widths of its columns. */
function fitted(
  table: Table,
  terminalColumns: number | null,
): { readonly table: Table; readonly widths: readonly number[] } {
  if (terminalColumns === null) return { table, widths: naturalWidths(table) }
  const optional = table.columns.findLastIndex((column) => column.optional === true)
  const least = optional < 0 ? LEAST_WIDTH : COMFORTABLE_WIDTH
  const widths = narrowedWidths(table, terminalColumns, least)
  if (widthOf(widths) <= terminalColumns || optional < 0) return { table, widths }
  return fitted(withoutColumn(table, optional), terminalColumns)
}

function padCell(cell: TableCell, width: number, align: 'left' | 'right'): string {
  const text = cutToWidth(cell.text, width)
  const space = ' '.repeat(Math.max(0, width - textWidth(text)))
  const padded = align === 'right' ? space + text : text + space
  return cell.paint === undefined ? padded : cell.paint(padded)
}

/** Rows under their titles, two spaces apart; `terminalColumns` null (piped) cuts and leaves out nothing. */
export function formatTable(
  whole: Table,
  options: { readonly terminalColumns: number | null; readonly paintTitle: (text: string) => string },
): string {
  const { table, widths } = fitted(whole, options.terminalColumns)
  const line = (cells: readonly (string | TableCell)[]): string =>
    table.columns
      .map((column, index) => padCell(cellOf(cells[index] ?? ''), widths[index] ?? 0, column.align ?? 'left'))
      .join(GAP)
      .trimEnd()
  const titles = table.columns.map((column) => ({ text: column.title, paint: options.paintTitle }))
  return [titles, ...table.rows].map((cells) => `${line(cells)}\n`).join('')
}
