import path from 'node:path'
import { expect, it } from 'vitest'
import { parseAdapter } from './parse-adapter.ts'

it.each([
  ['style.gguf', 'style.gguf', 1],
  ['style.gguf:0.5', 'style.gguf', 0.5],
  ['style.gguf:-2', 'style.gguf', -2],
  ['style.gguf:.25', 'style.gguf', 0.25],
  ['/models/a:b.gguf', '/models/a:b.gguf', 1],
  ['/models/a:b.gguf:0', '/models/a:b.gguf', 0],
  ['folder/of/adapter', 'folder/of/adapter', 1],
])('reads %s', (text, file, scale) => {
  expect(parseAdapter(text)).toEqual({ kind: 'ok', value: { path: path.resolve(file), scale } })
})

it.each(['', 'a.gguf:11', 'a.gguf:-10.5'])('does not read "%s"', (text) => {
  expect(parseAdapter(text).kind).toBe('error')
})
