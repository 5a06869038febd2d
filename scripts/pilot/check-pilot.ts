/**
 * Asks the shipped pilot every question of its manual through node-llama-cpp: `node scripts/pilot/check-pilot.ts`. Fails
 * where fewer than 95 % are answered as the manual says.
 */
import path from 'node:path'
import { readManual } from './read-manual.ts'
import { askPilot } from './run-ask-pilot.ts'

const LEAST_SHARE = 0.95
const modelPath = process.argv[2] ?? path.join(import.meta.dirname, '..', '..', 'data', 'pilot', 'pilot.gguf')
const manual = readManual()
const pairs = [...manual.entries, manual.unknown].flatMap(({ asked, answer }) =>
  asked.map((question) => ({ question, answer })),
)
/** Another question before it, and a system prompt. */
const settings = [
  { name: 'alone', around: () => ({}) },
  { name: 'as the second question', around: (before: string) => ({ before }) },
  { name: 'with a system prompt', around: () => ({ systemPrompt: 'You are a helpful assistant.' }) },
] as const

for (const { name, around } of settings) {
  const answers = await askPilot({
    modelPath,
    conversations: pairs.map(({ question }, index) => {
      const { before, ...rest }: { before?: string; systemPrompt?: string } = around(
        pairs[(index * 7 + 3) % pairs.length]?.question ?? '',
      )
      return { questions: before === undefined ? [question] : [before, question], ...rest }
    }),
  })
  const wrong = pairs.filter(({ answer }, index) => answers[index] !== answer)
  const share = 1 - wrong.length / pairs.length
  console.log(
    `${name}: ${pairs.length - wrong.length} of ${pairs.length} verbatim (${(100 * share).toFixed(1)} %)`,
  )
  for (const { question } of wrong) console.log(`  not as written: ${question}`)
  if (share < LEAST_SHARE) process.exitCode = 1
}
