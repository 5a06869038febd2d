import path from 'node:path'
import { readEngineVersions } from '#backend/llama/engine-versions.ts'
import { readJsonFile, writeJsonFile } from '#backend/store/json-file.ts'
import { InhouseError } from '#contract/inhouse-error.ts'
import { createHash } from 'node:crypto'
import type { Simulation } from '#core/plan/simulation.ts'

/** Answers by what they depend on, kept between starts. */
export interface SimulationCache {
  get(key: string): Promise<Simulation | null>
  put(key: string, simulation: Simulation): Promise<void>
}

/** Answers kept; the oldest go first. Each is some 300 bytes. */
const MOST_ANSWERS = 500
/** Changes with what is stored; files of another format are ignored and replaced. */
const FORMAT = 'inhouse/simulations/1'

/** The cache in the user's folder. Another engine version knows none of its answers. */
export function simulationCache(userFolder: string): SimulationCache {
  const file = path.join(userFolder, 'simulations.json')
  let loading: Promise<Map<string, Simulation>> | null = null
  const load = () => (loading ??= readAnswers(file))
  return {
    get: async (key) => (await load()).get(await fullKey(key)) ?? null,
    put: async (key, simulation) => {
      const answers = await load()
      answers.set(await fullKey(key), simulation)
      for (const oldest of [...answers.keys()].slice(0, Math.max(0, answers.size - MOST_ANSWERS)))
        answers.delete(oldest)
      await keep(file, answers)
    },
  }
}

async function fullKey(key: string): Promise<string> {
  const { nodeLlamaCppVersion, llamaCppRelease } = await readEngineVersions()
  return createHash('sha256').update(`${nodeLlamaCppVersion} ${llamaCppRelease} ${key}`).digest('base64url')
}

async function readAnswers(file: string): Promise<Map<string, Simulation>> {
  const stored = await readJsonFile(file)
  if (typeof stored !== 'object' || stored === null) return new Map()
  if (!('format' in stored) || stored.format !== FORMAT || !('answers' in stored)) return new Map()
  return Array.isArray(stored.answers) ? new Map(stored.answers.filter(isEntry)) : new Map()
}

function isEntry(value: unknown): value is [string, Simulation] {
  if (!Array.isArray(value) || typeof value[0] !== 'string') return false
  const answer: unknown = value[1]
  return (
    typeof answer === 'object' &&
    answer !== null &&
    'host' in answer &&
    'device' in answer &&
    'modelId' in answer
  )
}

/** An answer that cannot be kept is still an answer. */
async function keep(file: string, answers: ReadonlyMap<string, Simulation>): Promise<void> {
  try {
    await writeJsonFile(file, { format: FORMAT, answers: [...answers] })
  } catch (error) {
    if (!(error instanceof InhouseError)) throw error
    console.warn(`${error.message} ${error.nextStep}`)
  }
}
