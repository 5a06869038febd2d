import {
  jsonOf,
  type Parser,
  recordsOf,
  type Sighting,
  sighting,
  textField,
  vendorOfName,
} from '#backend/probe/sighting.ts'
import { SOFTWARE_RENDERER, vulkanName } from '#backend/probe/sources/vulkaninfo.ts'
import type { Backend } from '#core/machine/machine.ts'

/** Key of the runtime's answer among the raw outputs. */
export const RUNTIME_KEY = 'node-llama-cpp runtime'

/** Source of the backends where asking would only cost time. */
export const NOT_ASKED = 'no GPU device on this machine'

const BACKENDS: readonly Backend[] = ['cuda', 'vulkan', 'metal']

/** Sum over all devices; of use for one device only, because unlike devices must never be summed. */
interface RuntimeMemory {
  readonly total: number
  readonly free: number
  readonly unifiedSize: number
}

function memoryOf(value: unknown): RuntimeMemory | null {
  const [record] = recordsOf(value)
  if (record === undefined) return null
  const number = (field: string): number => (typeof record[field] === 'number' ? record[field] : 0)
  return { total: number('total'), free: number('free'), unifiedSize: number('unifiedSize') }
}

/**
 * The answer of the bundled llama.cpp, asked in a child process:
 * `{ gpuTypes: ["cuda", false], gpu, devices: [name], vram: { total, free, unifiedSize } }`.
 */
export const parseRuntime: Parser = (entries) => {
  const entry = entries.find((candidate) => candidate.key === RUNTIME_KEY)
  if (entry === undefined) return {}
  const [answer] = recordsOf(jsonOf(entry.text))
  if (answer === undefined || !Array.isArray(answer['gpuTypes']))
    return { garbled: [{ key: entry.key, detail: 'not the JSON this app prints' }] }
  const gpuTypes: readonly unknown[] = answer['gpuTypes']
  const backends = BACKENDS.filter((backend) => gpuTypes.includes(backend))
  const gpu = textField(answer, 'gpu')
  const backend = BACKENDS.find((candidate) => candidate === gpu)
  const names: readonly unknown[] = Array.isArray(answer['devices']) ? answer['devices'] : []
  const devices = names
    .filter((name) => typeof name === 'string')
    .filter((name) => !SOFTWARE_RENDERER.test(name))
  const memory = devices.length === 1 ? memoryOf(answer['vram']) : null
  const sightings: readonly Sighting[] =
    backend === undefined
      ? []
      : devices.map((name) =>
          sighting({
            source: 'llama.cpp',
            origin: RUNTIME_KEY,
            vendor: vendorOfName(name),
            name: vulkanName(name).name,
            nameFromInventory: vulkanName(name).isCodeName,
            memoryBytes: memory === null || memory.unifiedSize > 0 ? null : memory.total || null,
            usableBytes: memory !== null && memory.unifiedSize > 0 ? memory.total || null : null,
            freeBytes: memory === null ? null : memory.free || null,
            unified: memory !== null && memory.unifiedSize > 0 ? true : null,
            backends: [backend],
          }),
        )
  const source = textField(answer, 'skipped') === null ? 'node-llama-cpp' : NOT_ASKED
  return { sightings, readings: [{ source, backends: [...backends, 'cpu'] }] }
}
