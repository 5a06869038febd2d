import { spawn } from 'node:child_process'
import { existsSync } from 'node:fs'
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import path from 'node:path'
import { describe, expect, it } from 'vitest'
import { packageRoot } from '#backend/store/package-root.ts'

const ENTRY = path.resolve(import.meta.dirname, '..', 'cli.ts')
const isBuilt = existsSync(path.join(packageRoot(), 'out', 'renderer', 'index.html'))

describe.skipIf(!isBuilt)('inhouse ui (skipped where the page is not built: "npm test" builds first)', () => {
  it('prints an address that answers, and ends quietly when asked to', async () => {
    const userFolder = await mkdtemp(path.join(tmpdir(), 'inhouse-cli-'))
    const child = spawn(process.execPath, [ENTRY, 'ui', '--no-open', '--port', '0'], {
      env: { ...process.env, INHOUSE_DATA_DIR: userFolder },
    })
    let stderr = ''
    child.stderr.on('data', (chunk: Buffer) => (stderr += chunk.toString()))
    const exit = new Promise<number | null>((resolve) => child.on('close', resolve))
    const url = await new Promise<string>((resolve) => {
      let text = ''
      child.stdout.on('data', (chunk: Buffer) => {
        text += chunk.toString()
        const address = /http:\/\/127\.0\.0\.1:\d+\/\S+/.exec(text)
        if (address !== null) resolve(address[0])
      })
    })
    // The token of the address is traded for a cookie; without either nothing answers.
    const entrance = await fetch(url, { redirect: 'manual' })
    const [cookie = ''] = (entrance.headers.getSetCookie()[0] ?? '').split(';')
    const page = await fetch(new URL('/', url), { headers: { cookie } })
    expect([page.status, await page.text()]).toEqual([200, expect.stringContaining('<title>Inhouse')])
    expect((await fetch(new URL('/', url))).status).toBe(403)
    child.kill('SIGTERM')
    expect(await exit).toBe(0)
    expect(stderr).toBe('')
    await rm(userFolder, { recursive: true })
  })
})
