import path from 'node:path'
import { stat } from 'node:fs/promises'
import * as z from 'zod'
import { pageUrl, repositoryUrl } from '#backend/download/hub-address.ts'
import type { HubRequests } from '#backend/download/hub-requests.ts'
import { lostConnection } from '#backend/download/network-faults.ts'
import { quantizationOfName } from '#backend/download/quantization-of-name.ts'
import { passingFault } from '#backend/download/remote-fault.ts'
import { isSafeName } from '#backend/download/safe-name.ts'
import type { RepositoryFile, RepositoryFiles, RepositoryWish } from '#contract/library.ts'
import type { Catalogue } from '#core/catalogue/catalogue.ts'
import { findLicense } from '#core/license/license.ts'

/** A file, and where a model in parts has them. */
export interface ListedFile extends RepositoryFile {
  readonly parts: readonly ListedPart[]
}

export interface ListedPart {
  readonly file: string
  readonly fileBytes: number
  readonly sha256: string | null
}

/** What a repository offers, at one version of it. */
export interface RepositoryListing extends RepositoryFiles {
  /** Commit, so that what is fetched is what was listed. */
  readonly version: string
  readonly files: readonly ListedFile[]
}

/** The largest repositories have some thousand files of 200 bytes each. */
const MOST_JSON_BYTES = 32 * 2 ** 20

const size = z.number().int().nonnegative().max(Number.MAX_SAFE_INTEGER)
const word = z.string().max(200)

/** The answer of `/api/models/…?blobs=true`, as huggingface_hub's `ModelInfo` reads it; a mirror may leave out much. */
const answerSchema = z.object({
  sha: z
    .string()
    .regex(/^[\da-f]{40}$/)
    .nullish()
    .catch(null),
  gated: z.union([z.boolean(), z.string()]).nullish().catch(null),
  cardData: z
    .object({ license: word.nullish().catch(null), license_name: word.nullish().catch(null) })
    .nullish()
    .catch(null),
  tags: z.array(z.string()).nullish().catch(null),
  siblings: z.array(
    z.object({
      rfilename: z.string(),
      size: size.nullish().catch(null),
      lfs: z
        .object({ size: size.nullish().catch(null), sha256: z.string().nullish().catch(null) })
        .nullish()
        .catch(null),
    }),
  ),
})
type HubAnswer = z.infer<typeof answerSchema>

/** Whose repository, and what is known about models and licenses. */
export interface ListingOptions {
  readonly wish: RepositoryWish
  readonly catalogue: Catalogue
  /** Where the files of this repository go. */
  readonly folder: string
  readonly signal: AbortSignal
}

/** Asks the hub which GGUF files a repository has, how large they are, and what its license asks. */
export async function listRepository(
  requests: HubRequests,
  options: ListingOptions,
): Promise<RepositoryListing> {
  const { catalogue, folder, signal, wish } = options
  const url = repositoryUrl(requests.address, wish)
  const { data: answer } = answerSchema.safeParse(await getJson(requests, url, signal))
  if (answer === undefined) throw notTheHub(url)
  const license = licenseOf(answer, wish.repository, catalogue)
  const known = license === null ? null : findLicense(license, catalogue.licenses)
  const gated = answer.gated === true || (typeof answer.gated === 'string' && answer.gated !== 'false')
  const page = pageUrl(requests.address, wish.repository)
  return {
    repository: wish.repository,
    revision: wish.revision ?? 'main',
    version: answer.sha ?? wish.revision ?? 'main',
    license,
    mustAccept: gated || (license !== null && known?.kind !== 'permissive' && known?.kind !== 'copyleft'),
    gated,
    // Who is let in only when asked has to accept it there.
    licenseUrl: gated ? page : (known?.url ?? page),
    files: await Promise.all(
      groupShards(partsOf(answer)).map(async (parts) => ({
        ...listedFile(parts),
        quantizationId: quantizationOfName(parts[0].file, catalogue.quantizations),
        isHere: await areHere(parts, folder),
      })),
    ),
  }
}

async function getJson(requests: HubRequests, url: URL, signal: AbortSignal): Promise<unknown> {
  const { body } = await requests.get(url, { signal })
  const pieces: Uint8Array[] = []
  let bytes = 0
  try {
    for await (const piece of body as AsyncIterable<Uint8Array>) {
      bytes += piece.length
      if (bytes > MOST_JSON_BYTES) throw notTheHub(url)
      pieces.push(piece)
    }
  } catch (error) {
    signal.throwIfAborted()
    throw lostConnection(error, url, null)
  } finally {
    body.destroy()
  }
  try {
    return JSON.parse(Buffer.concat(pieces).toString('utf8')) as unknown
  } catch (error) {
    if (error instanceof SyntaxError) throw notTheHub(url)
    throw error
  }
}

function notTheHub(url: URL): Error {
  return passingFault(
    'SERVER_REFUSED',
    `${url.host} did not answer like a hub.`,
    'Your network may want you to log in: open a browser and look. If you use a mirror, check its address.',
  )
}

/** As stated; `other` has its name beside it. A repository that states none has its model's. */
function licenseOf({ cardData, tags }: HubAnswer, repository: string, { models }: Catalogue): string | null {
  const tag = tags?.find((one) => one.startsWith('license:'))?.slice('license:'.length)
  const stated = cardData?.license ?? tag
  if (stated === 'other') return cardData?.license_name ?? stated
  return stated ?? models.find(({ ggufRepository }) => ggufRepository === repository)?.license ?? null
}

/** GGUF files whose name is safe to write and whose size is known: nothing else can be fetched. */
function partsOf({ siblings }: HubAnswer): readonly ListedPart[] {
  return siblings.flatMap(({ lfs, rfilename: file, size: plainBytes }) => {
    const fileBytes = lfs?.size ?? plainBytes ?? null
    if (fileBytes === null || fileBytes === 0 || !/\.gguf$/i.test(file) || !isSafeName(file)) return []
    const sha256 = lfs?.sha256?.toLowerCase() ?? ''
    return [{ file, fileBytes, sha256: /^[\da-f]{64}$/.test(sha256) ? sha256 : null }]
  })
}

type Parts = readonly [ListedPart, ...ListedPart[]]

/** llama.cpp, gguf-split: `name-00001-of-00003.gguf`. A model of which a part is missing is none. */
function groupShards(parts: readonly ListedPart[]): readonly Parts[] {
  const byName = new Map(parts.map((part) => [part.file, part]))
  return parts.flatMap((part): readonly Parts[] => {
    const [, name = '', number, count] = /^(.*)-(\d{5})-of-(\d{5})\.gguf$/i.exec(part.file) ?? []
    if (number === undefined || count === undefined) return [[part]]
    if (Number(number) !== 1) return []
    const others = Array.from({ length: Math.min(Number(count), parts.length) - 1 }, (_, index) =>
      byName.get(`${name}-${String(index + 2).padStart(5, '0')}-of-${count}.gguf`),
    )
    const found = others.filter((other) => other !== undefined)
    return found.length + 1 === Number(count) ? [[part, ...found]] : []
  })
}

function listedFile(parts: Parts) {
  return {
    file: parts[0].file,
    parts,
    shards: parts.length,
    fileBytes: parts.reduce((sum, { fileBytes }) => sum + fileBytes, 0),
    sha256: parts.map(({ sha256 }) => sha256),
  }
}

async function areHere(parts: readonly ListedPart[], folder: string): Promise<boolean> {
  for (const { file, fileBytes } of parts) {
    const found = await stat(path.join(folder, file)).catch(() => null)
    if (found?.size !== fileBytes) return false
  }
  return true
}
