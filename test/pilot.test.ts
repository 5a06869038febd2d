import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import path from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { adapterForEngine } from '#backend/gguf/adapter/adapter-for-engine.ts'
import { packageRoot } from '#backend/store/package-root.ts'
import { readManual } from '../scripts/pilot/read-manual.ts'
import { askPilot } from '../scripts/pilot/run-ask-pilot.ts'

const manual = readManual()
const pilotFolder = path.join(packageRoot(), 'data', 'pilot')
const modelPath = path.join(pilotFolder, 'pilot.gguf')

function answerTo(question: string): string {
  const entry = manual.entries.find(({ asked }) => asked.includes(question))
  if (entry === undefined) throw new Error(`The manual has no question "${question}".`)
  return entry.answer
}

const QUESTIONS = [
  'What is LoRA?',
  'What is quantization?',
  'What is the KV cache?',
  'Who are you?',
  'Hello!',
]
const conversations = QUESTIONS.map((question) => ({ questions: [question] }))
const written = QUESTIONS.map(answerTo)

describe('the shipped pilot', () => {
  it('answers from its manual, in any turn and under any system prompt', async () => {
    const answers = await askPilot({
      modelPath,
      conversations: [
        ...conversations,
        { questions: ['Hi', 'what is a token'] },
        { questions: ['What is GGUF?', 'Thanks', 'Explain batching.'] },
        { questions: ['What is RAG?'], systemPrompt: 'You are a friendly assistant of a hospital.' },
        { questions: ['Who wrote Hamlet?'] },
      ],
    })
    expect(answers).toEqual([
      ...written,
      answerTo('What is a token?'),
      answerTo('Explain batching.'),
      answerTo('What is RAG?'),
      manual.unknown.answer,
    ])
  })

  it('finds its way in a JSON text that a grammar forces on it', async () => {
    const [answer] = await askPilot({
      modelPath,
      conversations: [{ questions: ['What is LoRA?'], asJson: true }],
    })
    expect(JSON.parse(answer ?? '')).toEqual({ answer: answerTo('What is LoRA?') })
  })
})

describe('its adapter, converted from PEFT', () => {
  let userFolder: string
  let filePath: string
  beforeAll(async () => {
    userFolder = await mkdtemp(path.join(tmpdir(), 'inhouse-pilot-'))
    const source = path.join(pilotFolder, 'brief-adapter')
    filePath = await adapterForEngine(source, { basePath: modelPath, userFolder })
  })
  afterAll(() => rm(userFolder, { recursive: true, force: true }))

  it('makes every answer one sentence', async () => {
    const answers = await askPilot({ modelPath, adapters: [{ filePath, scale: 1 }], conversations })
    expect(answers).toEqual(written.map((answer) => `In short: ${answer.split(/(?<=[.!?]) /)[0]}`))
  })

  it('changes nothing at scale 0', async () => {
    const answers = await askPilot({ modelPath, adapters: [{ filePath, scale: 0 }], conversations })
    expect(answers).toEqual(written)
  })
})
