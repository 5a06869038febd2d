import { formatContext, formatCount, formatFileSize } from '#core/figure/format-figure.ts'
import type { LibraryFile, LibraryPlace } from '#contract/library.ts'
import type { LibraryView, ListedFile } from '../json/library-json.ts'
import { figureValueText } from './figure-text.ts'
import { formatTable, type TableCell } from './format-table.ts'
import { plainText } from './plain-text.ts'
import { fitCell } from './plan-words.ts'
import type { Style } from './style.ts'

const PLACES: Readonly<Record<LibraryPlace, string>> = {
  pilot: 'ships with Inhouse',
  inhouse: 'Inhouse',
  folder: 'your folder',
  'hugging-face': 'Hugging Face',
  'lm-studio': 'LM Studio',
  ollama: 'Ollama',
  'llama.cpp': 'llama.cpp',
  jan: 'Jan',
  gpt4all: 'GPT4All',
}

const KINDS = { adapter: 'LoRA adapter', projector: 'part of a model', other: 'no language model' } as const

function fitCells({ file, fit }: ListedFile, style: Style): readonly (string | TableCell)[] {
  const { header } = file
  if (header === null) return [{ text: 'cannot be used', paint: style.dim }, '']
  if (header.kind !== 'model') return [{ text: KINDS[header.kind], paint: style.dim }, '']
  if (fit === null) return ['', '']
  const memory = figureValueText(fit.memory)
  return fit.fit === 'no'
    ? [{ text: 'does not fit', paint: style.dim }, memory]
    : [fitCell(fit.fit, style), memory]
}

/** The catalogue model it is, or whose sizes it has. */
function modelWords({ file: { match }, modelName }: ListedFile): string {
  if (match === null || modelName === null) return ''
  return plainText(match.matchedBy === 'name' ? modelName : `shape of ${modelName}`)
}

function row(listed: ListedFile, style: Style): readonly (string | TableCell)[] {
  const { file, license } = listed
  const { header } = file
  return [
    { text: plainText(file.name), paint: style.bold },
    modelWords(listed),
    plainText(header?.quantizationId ?? header?.quantizationName ?? ''),
    formatFileSize(file.fileBytes),
    header?.contextTokens === null || header === null ? '' : formatContext(header.contextTokens),
    ...fitCells(listed, style),
    header === null ? '' : plainText(license ?? 'not stated'),
    PLACES[file.place],
  ]
}

function problems({ files, folders }: LibraryView): readonly string[] {
  return [
    ...folders.flatMap(({ path: folder, problem }) => (problem === null ? [] : [`${folder}: ${problem}`])),
    ...files.flatMap(({ file }: { readonly file: LibraryFile }) =>
      file.problem === null ? [] : [`${file.path}: ${file.problem}`],
    ),
  ].map((line) => `${plainText(line)}\n`)
}

function empty({ ownFolder }: LibraryView): string {
  return [
    'No model files were found.\n',
    'Look in a folder of yours: inhouse library add FOLDER\n',
    `Fetch a model into ${plainText(ownFolder)}: inhouse download MODEL\n`,
  ].join('')
}

/** `library` for a terminal. */
export function libraryText(view: LibraryView, style: Style): string {
  const { files } = view
  const troubles = problems(view)
  const told = troubles.length === 0 ? '' : `\nProblems\n${troubles.join('')}`
  if (files.length === 0) return `${empty(view)}${told}`
  const table = formatTable(
    {
      columns: [
        { title: 'Name', flexible: true },
        { title: 'Model', flexible: true, optional: true },
        { title: 'Quant.' },
        { title: 'Size', align: 'right' },
        { title: 'Context', align: 'right', optional: true },
        { title: 'Fit' },
        { title: 'Memory', align: 'right', optional: true },
        { title: 'License', flexible: true, optional: true },
        { title: 'Place', optional: true },
      ],
      rows: files.map((file) => row(file, style)),
    },
    { terminalColumns: style.terminalColumns, paintTitle: style.dim },
  )
  const count = `${formatCount(files.length)} ${files.length === 1 ? 'file' : 'files'}`
  const bytes = files.reduce((sum, { file }) => sum + file.fileBytes, 0)
  return `${table}${style.dim(`${count}, ${formatFileSize(bytes)}. Try one: inhouse smoke NAME`)}\n${told}`
}
