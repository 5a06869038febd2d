import { createWriteStream } from 'node:fs'
import { rm, stat } from 'node:fs/promises'
import path from 'node:path'
import { Transform } from 'node:stream'
import { pipeline } from 'node:stream/promises'
import { copyFailure, moveToNew, prepareOwnFolder, temporaryFile } from '#backend/library/own-folder.ts'
import { InhouseError } from '#contract/inhouse-error.ts'

/** A file that a page sends, because a browser does not tell where it lies. */
export interface FileToReceive {
  /** As the page calls it, without folders. */
  readonly name: string
  readonly bytes: number
  readonly body: NodeJS.ReadableStream
  readonly signal: AbortSignal
}

/** What models and adapters are made of; anything else is sent by mistake. */
const NAME = /^[^/\\:*?"<>|\p{Cc}]{1,200}\.(?:gguf|safetensors|json)$/iu

/**
 * Puts a file that a page sends into a folder, under its name when it has arrived whole; one that breaks off leaves
 * nothing. Returns where it lies.
 */
export async function receiveFile(
  { body, bytes, name, signal }: FileToReceive,
  folder: string,
): Promise<string> {
  if (!NAME.test(name) || name.startsWith('.') || !Number.isSafeInteger(bytes) || bytes <= 0) {
    throw new InhouseError({
      code: 'FILE_INVALID',
      message: `"${name.slice(0, 100)}" is no name of a model file, or the file is empty.`,
      nextStep: 'Send files that end in .gguf or .safetensors.',
    })
  }
  await prepareOwnFolder(folder, [name], bytes)
  const temporary = temporaryFile(folder)
  const to = path.join(folder, name)
  try {
    await pipeline(body, atMost(bytes), createWriteStream(temporary, { flags: 'wx', mode: 0o600 }), {
      signal,
    })
    const { size } = await stat(temporary)
    if (size !== bytes) throw brokenOff(name, size, bytes)
    await moveToNew(temporary, to)
    return to
  } catch (error) {
    throw signal.aborted ? brokenOff(name, 0, bytes) : copyFailure(error, folder)
  } finally {
    await rm(temporary, { force: true })
  }
}

/** Ends what sends more than it announced: the room for it was not looked for. */
function atMost(bytes: number): Transform {
  let seen = 0
  return new Transform({
    transform(piece: Buffer, _encoding, done) {
      seen += piece.length
      if (seen > bytes) done(brokenOff('The file', seen, bytes))
      else done(null, piece)
    },
  })
}

function brokenOff(name: string, arrived: number, announced: number): InhouseError {
  return new InhouseError({
    code: 'FILE_INVALID',
    message: `${name} did not arrive whole: ${arrived} of ${announced} bytes.`,
    nextStep: 'Send it again, or give the folder it lies in.',
  })
}
