import path from 'node:path'
import { expect, it } from 'vitest'
import { otherPrograms } from '#backend/library/places.ts'

function foldersOf(platform: NodeJS.Platform, environment: NodeJS.ProcessEnv) {
  const places: Partial<Record<string, string[]>> = {}
  for (const { path: folder, place } of otherPrograms({ environment, homeFolder: '/home/me', platform }))
    (places[place] ??= []).push(folder.split(path.sep).join('/'))
  return places
}

it('knows where programs keep models on Linux', () => {
  expect(foldersOf('linux', {})).toEqual({
    'hugging-face': ['/home/me/.cache/huggingface/hub'],
    'lm-studio': ['/home/me/.lmstudio/models', '/home/me/.cache/lm-studio/models'],
    ollama: [
      '/home/me/.ollama/models',
      '/usr/share/ollama/.ollama/models',
      '/var/lib/ollama/.ollama/models',
      '/var/lib/ollama/models',
      '/var/snap/ollama/common/models',
    ],
    'llama.cpp': ['/home/me/.cache/llama.cpp'],
    jan: [
      '/home/me/.config/Jan/data/llamacpp/models',
      '/home/me/.config/Jan/data/models',
      '/home/me/.local/share/Jan/data/llamacpp/models',
      '/home/me/.local/share/Jan/data/models',
      '/home/me/jan/llamacpp/models',
      '/home/me/jan/models',
    ],
    gpt4all: ['/home/me/.local/share/nomic.ai/GPT4All', '/home/me/.cache/gpt4all'],
  })
})

it('knows them on macOS and Windows', () => {
  const support = '/home/me/Library/Application Support'
  expect(foldersOf('darwin', {})).toMatchObject({
    ollama: ['/home/me/.ollama/models'],
    'llama.cpp': ['/home/me/Library/Caches/llama.cpp'],
    jan: expect.arrayContaining([`${support}/Jan/data/llamacpp/models`]),
    gpt4all: [`${support}/nomic.ai/GPT4All`, '/home/me/.cache/gpt4all'],
  })
  const windows = foldersOf('win32', { APPDATA: '/roaming', LOCALAPPDATA: '/local' })
  expect(windows).toMatchObject({
    ollama: ['/home/me/.ollama/models'],
    'llama.cpp': ['/local/llama.cpp'],
    jan: expect.arrayContaining(['/roaming/Jan/data/llamacpp/models']),
    gpt4all: ['/local/nomic.ai/GPT4All', '/home/me/.cache/gpt4all'],
  })
})

it.each([
  ['HF_HUB_CACHE', '/x', 'hugging-face', '/x'],
  ['HF_HOME', '/x', 'hugging-face', '/x/hub'],
  ['XDG_CACHE_HOME', '/x', 'hugging-face', '/x/huggingface/hub'],
  ['OLLAMA_MODELS', '/x', 'ollama', '/x'],
  ['LLAMA_CACHE', '/x', 'llama.cpp', '/x'],
  ['XDG_CACHE_HOME', '/x', 'llama.cpp', '/x/llama.cpp'],
  ['XDG_DATA_HOME', '/x', 'gpt4all', '/x/nomic.ai/GPT4All'],
])('heeds %s', (variable, value, place, folder) => {
  expect(foldersOf('linux', { [variable]: value })[place]?.[0]).toBe(folder)
})
