import path from 'node:path'
import type { Adapter } from '#contract/chatting.ts'
import { parsed, rejected, type ParsedInput } from './parsed-input.ts'

/** As the engine takes it. */
const MOST_SCALE = 10

/** A LoRA adapter and how strongly it works: `style.gguf`, `style.gguf:0.5`. */
export function parseAdapter(text: string): ParsedInput<Adapter> {
  const { file, number } = /^(?<file>.+?)(?::(?<number>-?\d*\.?\d+))?$/s.exec(text)?.groups ?? {}
  if (file === undefined) return rejected('an adapter is a file, or a file and a scale: style.gguf:0.5')
  const scale = number === undefined ? 1 : Number(number)
  if (Math.abs(scale) > MOST_SCALE) {
    return rejected(
      `the scale of an adapter is a number from -${MOST_SCALE} to ${MOST_SCALE}, not "${number}"`,
    )
  }
  return parsed({ path: path.resolve(file), scale })
}
