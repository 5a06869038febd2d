import { stat } from 'node:fs/promises'
import path from 'node:path'

/** What a page's address stands for. */
export type PageFile =
  | { readonly kind: 'file'; readonly file: string; readonly mime: string; readonly immutable: boolean }
  /** The page itself: its own address, or a deep link that the page's router understands. */
  | { readonly kind: 'index' }
  | { readonly kind: 'missing' }
  /** Leaves the folder, or is not an address at all. */
  | { readonly kind: 'forbidden' }

const MIME_TYPES: Readonly<Record<string, string>> = {
  '.css': 'text/css; charset=utf-8',
  '.html': 'text/html; charset=utf-8',
  '.ico': 'image/x-icon',
  '.js': 'text/javascript; charset=utf-8',
  '.json': 'application/json; charset=utf-8',
  '.png': 'image/png',
  '.svg': 'image/svg+xml',
  '.txt': 'text/plain; charset=utf-8',
  '.webp': 'image/webp',
  '.woff2': 'font/woff2',
}

/**
 * Finds the built file for the path of an address (still percent-encoded). Addresses without the ending of a
 * web file are the page's own deep links (`/models/qwen3-0.6b` has none); everything else must be a file in the folder.
 */
export async function findPageFile(rendererFolder: string, urlPath: string): Promise<PageFile> {
  const decoded = decodePath(urlPath)
  if (decoded === null) return { kind: 'forbidden' }
  const file = path.resolve(rendererFolder, `.${decoded}`)
  const inside = path.relative(path.resolve(rendererFolder), file)
  if (inside.startsWith('..') || path.isAbsolute(inside)) return { kind: 'forbidden' }
  const mime = MIME_TYPES[path.extname(inside).toLowerCase()]
  if (mime === undefined || inside === 'index.html') return { kind: 'index' }
  if (!(await isFile(file))) return { kind: 'missing' }
  // The build puts a hash of the content into the names of everything under assets/.
  return { kind: 'file', file, mime, immutable: inside.startsWith(`assets${path.sep}`) }
}

/** Null for what must not reach the file system: broken escapes, null bytes, backslashes. */
function decodePath(urlPath: string): string | null {
  let decoded: string
  try {
    decoded = decodeURIComponent(urlPath)
  } catch {
    return null
  }
  return decoded.startsWith('/') && !/[\0\\]/.test(decoded) ? decoded : null
}

async function isFile(file: string): Promise<boolean> {
  return (await stat(file).catch(() => null))?.isFile() ?? false
}
