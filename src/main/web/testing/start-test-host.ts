import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises'
import { request } from 'node:http'
import { tmpdir } from 'node:os'
import path from 'node:path'
import type { Backend } from '#backend/api/backend.ts'
import { appFolders, type AppFolders } from '#backend/store/app-folders.ts'
import { startWebHost, type WebHost } from '../../web-host.ts'

/** A web host over a small page in a folder of its own; tests talk to it over real HTTP. */
export interface TestHost {
  readonly host: WebHost
  readonly port: number
  readonly token: string
  readonly folders: AppFolders
  /** The cookie of a browser that was let in. */
  readonly cookie: string
  ask(request: TestRequest): Promise<TestAnswer>
  close(): Promise<void>
}

export interface TestRequest {
  readonly path: string
  readonly method?: string
  readonly headers?: Readonly<Record<string, string>>
  readonly body?: string | Uint8Array
}

export interface TestAnswer {
  readonly status: number
  readonly headers: Readonly<Record<string, string | string[] | undefined>>
  readonly text: string
}

export const TEST_PAGE =
  '<!doctype html><html><head><meta name="csp-nonce" content="" /></head><body>The page</body></html>'

export async function startTestHost(backend?: Backend): Promise<TestHost> {
  const folder = await mkdtemp(path.join(tmpdir(), 'inhouse-web-'))
  const folders = {
    ...appFolders(),
    rendererFolder: path.join(folder, 'out', 'renderer'),
    userFolder: path.join(folder, 'user'),
  }
  await mkdir(path.join(folders.rendererFolder, 'assets'), { recursive: true })
  await writeFile(path.join(folders.rendererFolder, 'index.html'), TEST_PAGE)
  await writeFile(path.join(folders.rendererFolder, 'assets', 'page-1a2b.js'), 'export {}')
  await writeFile(path.join(folder, 'out', 'secret.txt'), 'secret')
  const host = await startWebHost({ folders, ...(backend === undefined ? {} : { backend }) })
  const url = new URL(host.url)
  const port = Number(url.port)
  const token = url.searchParams.get('token') ?? ''
  const letIn = await askHost(port, { path: `/?token=${token}` })
  return {
    host,
    port,
    token,
    folders,
    cookie: String(letIn.headers['set-cookie']).split(';', 1)[0] ?? '',
    ask: (wanted) => askHost(port, wanted),
    close: async () => {
      await host.close()
      await rm(folder, { recursive: true })
    },
  }
}

/** Sends exactly what is asked: unlike `fetch`, node's client lets a test forge `Host` and send paths with dots. */
function askHost(
  port: number,
  { path: target, method = 'GET', headers = {}, body }: TestRequest,
): Promise<TestAnswer> {
  return new Promise((resolve, reject) => {
    const asked = request(
      { host: '127.0.0.1', port, path: target, method, headers, agent: false },
      (response) => {
        const chunks: Buffer[] = []
        response.on('data', (chunk: Buffer) => chunks.push(chunk))
        response.on('error', reject)
        response.on('end', () =>
          resolve({
            status: response.statusCode ?? 0,
            headers: response.headers,
            text: Buffer.concat(chunks).toString('utf8'),
          }),
        )
      },
    )
    asked.on('error', reject)
    asked.end(body)
  })
}
