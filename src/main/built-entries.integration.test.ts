import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { existsSync, readFileSync } from 'node:fs'
import path from 'node:path'
import { describe, expect, it } from 'vitest'
import { packageRoot } from '#backend/store/package-root.ts'

const out = path.join(packageRoot(), 'out')
const isBuilt = existsSync(path.join(out, 'main', 'cli.js'))

/** Every module a built file imports, statically or later. */
function importsOf(file: string): string[] {
  const text = readFileSync(file, 'utf8')
  const found = text.matchAll(/(?:\bfrom|\bimport|\brequire\(|\bimport\()\s*["']([^"']+)["']/g)
  return Array.from(found, (match) => match[1] ?? '')
}

/** Everything that loading a built entry can reach: its own chunks, and the packages they name. */
function reachable(entry: string): ReadonlySet<string> {
  const reached = new Set<string>()
  const open = [entry]
  for (let file = open.pop(); file !== undefined; file = open.pop()) {
    for (const name of importsOf(file)) {
      const target = name.startsWith('.') ? path.resolve(path.dirname(file), name) : name
      if (reached.has(target)) continue
      reached.add(target)
      // Texts that only look like imports name no file.
      if (path.isAbsolute(target) && existsSync(target)) open.push(target)
    }
  }
  return reached
}

describe.skipIf(!isBuilt)(
  'the built entries (skipped where nothing is built: "npm test" builds first)',
  () => {
    // Importing Electron in plain Node starts a download of its binary, then throws.
    it.each(['web-host.js', 'cli.js', 'engine-worker.js'])('%s runs without Electron', (entry) => {
      const reached = reachable(path.join(out, 'main', entry))
      expect([...reached].filter((name) => name.startsWith('node:')).length).toBeGreaterThan(0)
      expect([...reached].filter((name) => /^electron(\/|$)/.test(name))).toEqual([])
    })

    it('web-host.js runs in plain Node, prints an address that answers, and ends when it is asked to', async () => {
      const host = spawn(process.execPath, [path.join(out, 'main', 'web-host.js'), '--port', '0'])
      const ended = once(host, 'exit')
      const [printed] = (await once(host.stdout, 'data')) as [Buffer]
      const url = printed.toString().trim()
      expect(url).toMatch(/^http:\/\/127\.0\.0\.1:\d+\/\?token=[\w-]{32}$/)
      expect((await fetch(url, { redirect: 'manual' })).status).toBe(303)
      expect((await fetch(new URL('/', url))).status).toBe(403)
      host.kill('SIGTERM')
      const [code] = (await ended) as [number | null]
      // Windows knows no request to end: the process is just gone.
      expect(code).toBe(process.platform === 'win32' ? null : 0)
    })

    it('web-host.js says what is wrong and fails', async () => {
      const host = spawn(process.execPath, [path.join(out, 'main', 'web-host.js'), '--port', 'many'])
      const said = once(host.stderr, 'data') as Promise<[Buffer]>
      expect(await once(host, 'exit')).toEqual([2, null])
      expect((await said).toString()).toBe(
        'inhouse: "many" is not a port. Give a number from 0 (any free port) to 65535.\n',
      )
    })

    it('index.js is the window, and finds Electron', () => {
      expect(reachable(path.join(out, 'main', 'index.js'))).toContain('electron')
    })

    it('the preload is one CommonJS file that a sandbox can load', () => {
      const preload = path.join(out, 'preload', 'index.cjs')
      expect(importsOf(preload)).toEqual(['electron'])
      expect(readFileSync(preload, 'utf8')).not.toMatch(/^(import|export) /m)
    })

    it('the page has no script, style or handler of its own in the HTML, which the policy would refuse', () => {
      const html = readFileSync(path.join(out, 'renderer', 'index.html'), 'utf8')
      expect(html).not.toMatch(/<script(?![^>]*\bsrc=)|<style|\son\w+=|\sstyle=/)
      expect(html).toContain('<meta name="csp-nonce" content=""')
    })
  },
)
