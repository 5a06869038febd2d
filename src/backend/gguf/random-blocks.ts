import type { FileTensor } from '#backend/gguf/file-tensors.ts'
import { GGML_TYPES, type GgmlType, type GgmlTypeName } from '#core/quant/ggml-type.ts'

/** A half-precision scale of a block: where it stands, and its exponent bits (`0x1000` is 2^-11). */
interface HalfField {
  readonly at: number
  readonly exponent: number
}

const half = (at: number, exponent: number): HalfField => ({ at, exponent })

/**
 * Where the scales of each block type lie (ggml-common.h) and how large they are, so that weights come out near 0.02 as
 * in a trained model. Random bits there would make NaN and infinity, which some kernels compute more slowly.
 */
const SCALES: Readonly<Partial<Record<GgmlTypeName, readonly HalfField[]>>> = {
  Q4_0: [half(0, 0x1800)],
  Q4_1: [half(0, 0x1800), half(2, 0x1800)],
  Q5_0: [half(0, 0x1400)],
  Q5_1: [half(0, 0x1400), half(2, 0x1400)],
  Q8_0: [half(0, 0x0800)],
  Q2_K: [half(80, 0x1400), half(82, 0x1400)],
  Q3_K: [half(108, 0x0800)],
  Q4_K: [half(0, 0x0400), half(2, 0x0400)],
  Q5_K: [half(0, 0x0400), half(2, 0x0400)],
  Q6_K: [half(208, 0x0400)],
  IQ1_S: [half(0, 0x1000)],
  IQ2_XXS: [half(0, 0x0800)],
  IQ2_XS: [half(0, 0x0800)],
  IQ2_S: [half(0, 0x0800)],
  IQ3_XXS: [half(0, 0x0800)],
  IQ3_S: [half(0, 0x0800)],
  IQ4_NL: [half(0, 0x0800)],
  IQ4_XS: [half(0, 0x0400)],
  TQ1_0: [half(52, 0x2400)],
  TQ2_0: [half(64, 0x2400)],
}

/** xorshift32: the same bytes for the same seed, some 500 MB a second; no more is asked of it. */
function randomBytes(bytes: number, seed: number): Buffer {
  const words = new Uint32Array(Math.ceil(bytes / 4))
  let state = seed >>> 0 || 0x9e3779b9
  for (let at = 0; at < words.length; at += 1) {
    state ^= state << 13
    state ^= state >>> 17
    state ^= state << 5
    words[at] = state
  }
  return Buffer.from(words.buffer, 0, bytes)
}

/** The mantissa stays random; sign and exponent are set. */
function setHalf(buffer: Buffer, at: number, exponent: number): void {
  buffer.writeUInt16LE((buffer.readUInt16LE(at) & 0x03ff) | exponent, at)
}

/** IQ1_M spreads one half over the upper four bits of its four scale words (iq1m_scale_t, ggml-common.h). */
function setSpreadHalf(buffer: Buffer, block: number): void {
  const value = 0x1000
  for (let word = 0; word < 4; word += 1) {
    const at = block + 48 + 2 * word + 1
    buffer[at] = (buffer.readUInt8(at) & 0x0f) | (((value >> (4 * word)) & 0x0f) << 4)
  }
}

/** MXFP4's exponent byte counts from 127; NVFP4's four scales are E4M3 around 2^-3. */
function setByteScales(buffer: Buffer, block: number, type: GgmlTypeName): void {
  if (type === 'MXFP4') buffer[block] = 120 + (buffer.readUInt8(block) & 1)
  if (type === 'NVFP4')
    for (let at = block; at < block + 4; at += 1) buffer[at] = 0x20 | (buffer.readUInt8(at) & 0x07)
}

function setQuantizedScales(buffer: Buffer, type: GgmlType): void {
  const name = type.name as GgmlTypeName
  const scales = SCALES[name] ?? []
  for (let block = 0; block < buffer.length; block += type.blockBytes) {
    for (const { at, exponent } of scales) setHalf(buffer, block + at, exponent)
    if (name === 'IQ1_M') setSpreadHalf(buffer, block)
    else setByteScales(buffer, block, name)
  }
}

/** What the numbers of a tensor mean, as far as random ones have to respect it. */
export type Flavour = 'weight' | 'factor' | 'decay' | 'index'

/** Norms and scales stand near 1, the decay of a state space is negative, a token's experts are indices. */
export function flavourOf({ name, type }: FileTensor): Flavour {
  if (type.name === 'I32') return 'index'
  if (name.endsWith('ssm_a')) return 'decay'
  return /norm|scale|rope_freqs/.test(name) ? 'factor' : 'weight'
}

/** Bits of floats: sign and mantissa as they come, the exponent set to 2^-6 for weights and 2^0 for factors. */
function setFloats(buffer: Buffer, type: GgmlType, flavour: Flavour): void {
  const small = flavour === 'weight'
  const sign = flavour === 'decay' ? 1 : small ? null : 0
  for (let at = 0; at + type.blockBytes <= buffer.length; at += type.blockBytes) {
    if (type.name === 'F32') {
      const bits = buffer.readUInt32LE(at)
      const signBit = sign === null ? bits >>> 31 : sign
      // Factors keep 20 of 23 bits of mantissa: 1 to 1.125.
      const rest = small ? 0x3c800000 | (bits & 0x7fffff) : 0x3f800000 | (bits & 0x0fffff)
      buffer.writeUInt32LE(((signBit << 31) | rest) >>> 0, at)
    } else {
      const bits = buffer.readUInt16LE(at)
      const signBit = (sign === null ? bits >>> 15 : sign) << 15
      const [exponent, mantissa] =
        type.name === 'F16' ? [small ? 0x2400 : 0x3c00, 0x3ff] : [small ? 0x3c80 : 0x3f80, 0x7f]
      buffer.writeUInt16LE(signBit | exponent | (bits & (small ? mantissa : mantissa >> 3)), at)
    }
  }
}

/** Experts of a token: neighbours, so that no token has one twice. */
function setIndices(buffer: Buffer, experts: number): void {
  for (let at = 0; at + 4 <= buffer.length; at += 4) buffer.writeInt32LE((at / 4) % Math.max(1, experts), at)
}

export interface PatternOptions {
  readonly type: GgmlType
  readonly flavour: Flavour
  readonly seed: number
  /** Routed experts of the model, for tensors of indices. */
  readonly experts: number
}

/** Near 4 MiB, a whole number of blocks of every type. */
const PATTERN_BLOCKS_BYTES = 4 * 1024 * 1024

/** Some MiB of valid random blocks of one type, to be written again and again. */
export function randomPattern({ type, flavour, seed, experts }: PatternOptions): Buffer {
  const blocks = Math.floor(PATTERN_BLOCKS_BYTES / type.blockBytes)
  const buffer = randomBytes(blocks * type.blockBytes, seed + type.id * 7919)
  if (flavour === 'index') setIndices(buffer, experts)
  else if (type === GGML_TYPES.F32 || type === GGML_TYPES.F16 || type === GGML_TYPES.BF16)
    setFloats(buffer, type, flavour)
  else setQuantizedScales(buffer, type)
  return buffer
}
