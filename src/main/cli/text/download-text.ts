import type { Download, RepositoryFile, RepositoryFiles } from '#contract/library.ts'
import { formatCount, formatFileSize, formatNumber } from '#core/figure/format-figure.ts'
import { checkedBy } from '../json/download-json.ts'
import { formatTable } from './format-table.ts'
import { plainText } from './plain-text.ts'
import type { Style } from './style.ts'

function licenseText({ gated, license, licenseUrl, mustAccept }: RepositoryFiles): string {
  const name = license === null ? 'no license stated' : `license ${plainText(license)}`
  const asked = mustAccept ? ', to be accepted with --accept-license' : ''
  return `${name}${asked}${gated ? ', for accounts that asked for access' : ''}: ${plainText(licenseUrl)}`
}

/** What is about to be fetched: "Fetching model-Q4_K_M.gguf of org/name: 4.92 GB, license apache-2.0: …". */
export function announceText(
  repository: RepositoryFiles,
  { file, fileBytes, shards }: RepositoryFile,
): string {
  const parts = shards === 1 ? '' : ` in ${formatCount(shards)} parts`
  const what = `${plainText(file)} of ${plainText(repository.repository)}`
  return `Fetching ${what}: ${formatFileSize(fileBytes)}${parts}, ${licenseText(repository)}`
}

/** "1 h 20 min", "12 min", "40 s". */
function durationText(seconds: number): string {
  if (seconds < 100) return `${Math.ceil(seconds)} s`
  const minutes = Math.ceil(seconds / 60)
  return minutes < 100 ? `${minutes} min` : `${Math.floor(minutes / 60)} h ${minutes % 60} min`
}

/** How far a download is, on one line of a terminal. */
export function downloadProgressText(download: Download): string {
  const { bytesPerSecond, doneBytes, problem, secondsLeft, state, totalBytes } = download
  const percent = totalBytes === 0 ? 0 : Math.floor((doneBytes / totalBytes) * 100)
  const waiting = state === 'running' && problem !== null
  return [
    `${String(percent).padStart(2)} %`,
    `${formatFileSize(doneBytes)} of ${formatFileSize(totalBytes)}`,
    ...(state === 'checking' ? ['checking every byte'] : []),
    ...(waiting ? [`trying again: ${plainText(problem.message)}`] : []),
    ...(waiting || bytesPerSecond === null ? [] : [`${formatNumber(bytesPerSecond / 1e6)} MB/s`]),
    ...(waiting || secondsLeft === null ? [] : [`${durationText(secondsLeft)} left`]),
  ].join(' · ')
}

/** A finished download, and what its bytes were held to. */
export function downloadedText({ path }: Download, { sha256 }: RepositoryFile): string {
  const checked =
    checkedBy(sha256) === 'sha256'
      ? 'Every byte is checked: its SHA-256 is the one the hub tells.'
      : 'The hub tells no checksum of it, so only its length could be checked.'
  return `${plainText(path ?? '')}\n${checked}\nTry it: inhouse smoke "${plainText(path ?? '')}"\n`
}

/** `download --list` for a terminal. */
export function repositoryText(repository: RepositoryFiles, style: Style): string {
  const { files } = repository
  const head = `${style.bold(plainText(repository.repository))}, ${licenseText(repository)}\n`
  if (files.length === 0) {
    return `${head}It offers no GGUF files; search the hub for the model's name and "GGUF".\n`
  }
  const table = formatTable(
    {
      columns: [
        { title: 'File', flexible: true },
        { title: 'Quant.' },
        { title: 'Size', align: 'right' },
        { title: 'Parts', align: 'right', optional: true },
        { title: 'Here', optional: true },
      ],
      rows: files.map(({ file, fileBytes, isHere, quantizationId, shards }) => [
        plainText(file),
        quantizationId ?? '',
        formatFileSize(fileBytes),
        shards === 1 ? '' : formatCount(shards),
        isHere ? 'yes' : '',
      ]),
    },
    { terminalColumns: style.terminalColumns, paintTitle: style.dim },
  )
  const example = `inhouse download hf:${plainText(repository.repository)}/${plainText(files[0]?.file ?? '')}`
  return `${head}${table}${style.dim(`Fetch one: ${example}`)}\n`
}
