import { numberOf } from '#backend/probe/sighting.ts'

type Row = Readonly<Record<string, string>>

/** `Name : value` or `Name=value` lines (PowerShell's Format-List, wmic's list); a blank line or a repeated name ends a record. */
function listRows(lines: readonly string[]): readonly Row[] {
  const rows: Record<string, string>[] = []
  let row: Record<string, string> = {}
  const end = (): void => {
    if (Object.keys(row).length > 0) rows.push(row)
    row = {}
  }
  for (const line of lines) {
    const match = /^\s*([A-Za-z][\w.]*)\s*[:=]\s*(.*?)\s*$/.exec(line)
    if (match === null) {
      end()
      continue
    }
    const [, field = '', value = ''] = match
    if (field in row) end()
    row[field] = value
  }
  end()
  return rows
}

/** wmic's `/format:csv`: `Node,AdapterRAM,Name`, one line per record. */
function csvRows([header = '', ...lines]: readonly string[]): readonly Row[] {
  const titles = header.split(',').map((title) => title.trim())
  return lines
    .map((line) => line.split(','))
    .filter((cells) => cells.length === titles.length)
    .map((cells) => Object.fromEntries(titles.map((title, index) => [title, (cells[index] ?? '').trim()])))
}

/** Columns by the places of the header's words; a number wider than its title reaches to the left (PowerShell aligns right). */
function columnRows([header = '', ...lines]: readonly string[]): readonly Row[] {
  const titles = [...header.matchAll(/\S+/g)].map((match) => ({ title: match[0], start: match.index }))
  return lines
    .filter((line) => !/^[-\s]+$/.test(line))
    .map((line) =>
      Object.fromEntries(
        titles.map(({ title, start }, index) => [
          title,
          line.slice(start, titles[index + 1]?.start ?? undefined).trim(),
        ]),
      ),
    )
}

/** Records of a table as wmic and PowerShell print them, whichever way they were asked to. */
export function tableRows(text: string): readonly Row[] {
  const lines = text.split('\n')
  const filled = lines.filter((line) => line.trim() !== '')
  const [header = ''] = filled
  if (/^\s*Node,/i.test(header)) return csvRows(filled)
  return /^\s*[A-Za-z][\w.]*\s*[:=]/.test(header) ? listRows(lines) : columnRows(filled)
}

/** A field of a row, its name in any case; null when missing or empty. */
export function rowField(row: Row, field: string): string | null {
  const key = Object.keys(row).find((name) => name.toLowerCase() === field.toLowerCase())
  const value = key === undefined ? '' : (row[key] ?? '')
  return value === '' ? null : value
}

/**
 * A 64-bit size of the registry: decimal or hexadecimal text, the last word of a `reg query` line, or the bytes of a
 * blob, lowest first (`00 00 00 00 02 00 00 00` is 8 GiB).
 */
export function registryBytes(text: string): number | null {
  const trimmed = text.trim()
  if (/^(?:[0-9a-f]{2}[\s,]+){3,7}[0-9a-f]{2}$/i.test(trimmed)) {
    const bytes = trimmed.split(/[\s,]+/).map((byte) => Number.parseInt(byte, 16))
    const value = bytes.reduce((sum, byte, index) => sum + byte * 256 ** index, 0)
    return value > 0 ? value : null
  }
  const query = /REG_(?:QWORD|DWORD|BINARY)\s+(\S+)/.exec(trimmed)?.[1]
  if (query === undefined) return numberOf(trimmed)
  if (/^0x/i.test(query) || !/REG_BINARY/.test(trimmed)) return numberOf(query)
  return registryBytes(query.replace(/(..)(?=.)/g, '$1 '))
}
