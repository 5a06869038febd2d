import { randomBytes } from 'node:crypto'
import { readFile } from 'node:fs/promises'
import path from 'node:path'
import { InhouseError } from '#contract/inhouse-error.ts'

/** A nonce nobody can guess, for one response. */
export function freshNonce(): string {
  return randomBytes(16).toString('base64')
}

/** The page itself, with this response's nonce where the page's own scripts find it (`<meta name="csp-nonce">`). */
export async function readIndexPage(rendererFolder: string, nonce: string): Promise<string> {
  const html = await readFile(path.join(rendererFolder, 'index.html'), 'utf8').catch((error: unknown) => {
    throw new InhouseError({
      code: 'RENDERER_MISSING',
      message: `The page is not built: ${path.join(rendererFolder, 'index.html')} cannot be read.`,
      nextStep: 'Run "npm start", which builds it, or install Inhouse again.',
      cause: error,
    })
  })
  return html.replace(/(<meta name="csp-nonce" content=")[^"]*"/, `$1${nonce}"`)
}
