import { randomUUID } from 'node:crypto'
import { mkdir, open, readFile, rename, rm, stat, utimes } from 'node:fs/promises'
import { hostname } from 'node:os'
import path from 'node:path'
import * as z from 'zod'
import { InhouseError } from '#contract/inhouse-error.ts'

/** Its owner touches it this often … */
const BEAT_MILLISECONDS = 10_000
/** … so one that was not for so long is nobody's, even where another process has got its number since. */
const STALE_MILLISECONDS = 60_000

const ownerSchema = z.object({ pid: z.number().int().positive(), host: z.string(), id: z.string() })
type Owner = z.infer<typeof ownerSchema>

export interface FileLock {
  release(): Promise<void>
}

/** Keeps every other process away from a file until it is released; throws while another one has it. */
export async function lockFile(file: string): Promise<FileLock> {
  const owner: Owner = { pid: process.pid, host: hostname(), id: randomUUID() }
  await mkdir(path.dirname(file), { recursive: true })
  if (!(await create(file, owner))) {
    const found = await staleOwner(file)
    if (found.kind === 'alive') throw taken(file, found.pid)
    await takeAway(file, found.text)
    if (!(await create(file, owner))) throw taken(file, null)
  }
  const beat = setInterval(() => {
    const now = new Date()
    // One that is gone was taken over after a long sleep; the checksum then decides, as ever.
    utimes(file, now, now).catch(() => clearInterval(beat))
  }, BEAT_MILLISECONDS)
  beat.unref()
  return {
    async release() {
      clearInterval(beat)
      const text = await readFile(file, 'utf8').catch(() => null)
      if (text !== null && parseOwner(text)?.id === owner.id) await rm(file, { force: true })
    },
  }
}

async function create(file: string, owner: Owner): Promise<boolean> {
  try {
    const handle = await open(file, 'wx', 0o600)
    try {
      await handle.writeFile(JSON.stringify(owner))
    } finally {
      await handle.close()
    }
    return true
  } catch (error) {
    if (error instanceof Error && 'code' in error && error.code === 'EEXIST') return false
    throw error
  }
}

type Found =
  | { readonly kind: 'alive'; readonly pid: number | null }
  | { readonly kind: 'stale'; readonly text: string }

async function staleOwner(file: string): Promise<Found> {
  const [text, found] = await Promise.all([
    readFile(file, 'utf8').catch(() => ''),
    stat(file).catch(() => null),
  ])
  if (found === null || Date.now() - found.mtimeMs > STALE_MILLISECONDS) return { kind: 'stale', text }
  const owner = parseOwner(text)
  // One without an owner is being written at this moment.
  if (owner === null) return { kind: 'alive', pid: null }
  const isDead = owner.host === hostname() && !isRunning(owner.pid)
  return isDead ? { kind: 'stale', text } : { kind: 'alive', pid: owner.pid }
}

/** Moves the stale one away; where somebody else was quicker, it is theirs and is put back. */
async function takeAway(file: string, staleText: string): Promise<void> {
  const aside = `${file}.${randomUUID()}`
  try {
    await rename(file, aside)
  } catch (error) {
    if (error instanceof Error && 'code' in error && error.code === 'ENOENT') return
    throw error
  }
  if ((await readFile(aside, 'utf8')) === staleText) return rm(aside, { force: true })
  await rename(aside, file)
  throw taken(file, null)
}

function parseOwner(text: string): Owner | null {
  try {
    return ownerSchema.safeParse(JSON.parse(text)).data ?? null
  } catch (error) {
    if (error instanceof SyntaxError) return null
    throw error
  }
}

function isRunning(pid: number): boolean {
  try {
    process.kill(pid, 0)
    return true
  } catch (error) {
    // EPERM: it runs, for somebody else.
    return error instanceof Error && 'code' in error && error.code === 'EPERM'
  }
}

function taken(file: string, pid: number | null): InhouseError {
  const name = path.basename(file).replace(/\.part\.lock$/, '')
  return new InhouseError({
    code: 'STORE_UNWRITABLE',
    message: `${name} is being downloaded by another Inhouse${pid === null ? '' : ` (process ${pid})`}.`,
    nextStep: 'Wait until it has finished, or pause it there and go on here.',
  })
}
