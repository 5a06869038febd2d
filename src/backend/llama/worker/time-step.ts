import type { LlamaContextSequence, Token } from 'node-llama-cpp'
import type { RunJob } from '#backend/llama/engine-job.ts'
import type { DryRunStep } from '#core/measure/dry-run-plan.ts'

/**
 * Tokens that differ from step to step: a mixture then chooses other experts for each, as real text makes it do, and
 * reads them from memory instead of finding them in the cache.
 */
export function tokenSource({ first, count }: RunJob['tokens']): (length: number) => Token[] {
  let drawn = 0
  return (length) => Array.from({ length }, () => (first + ((drawn++ * 61) % count)) as Token)
}

/** Runs one step and answers the seconds of each repetition. */
export async function timeStep(
  step: DryRunStep,
  sequences: readonly LlamaContextSequence[],
  tokens: (length: number) => Token[],
  onRepetition: (seconds: number) => Promise<void>,
): Promise<readonly number[]> {
  const used = sequences.slice(0, step.kind === 'decode' ? step.streams : 1)
  const taken: number[] = []
  for (let repetition = 0; repetition < step.repetitions; repetition++) {
    await prepare(step, used, tokens)
    const startedAt = performance.now()
    await (step.kind === 'prefill'
      ? used[0]!.controlledEvaluate(promptOf(tokens(step.promptTokens)))
      : Promise.all(used.map((sequence) => sequence.controlledEvaluate(promptOf(tokens(1))))))
    const seconds = (performance.now() - startedAt) / 1000
    taken.push(seconds)
    await onRepetition(seconds)
  }
  return taken
}

/** The last token asks for logits and is sampled, as when text is written: a step without its head flatters small models. */
function promptOf(tokens: readonly Token[]) {
  return tokens.map((token, index) =>
    index === tokens.length - 1
      ? ([token, { generateNext: { token: true, options: { temperature: 0 } } }] as [
          Token,
          { generateNext: { token: true; options: { temperature: number } } },
        ])
      : token,
  )
}

/** An empty cache before each prompt; before decoding, one filled to the depth. */
async function prepare(
  step: DryRunStep,
  sequences: readonly LlamaContextSequence[],
  tokens: (length: number) => Token[],
): Promise<void> {
  for (const sequence of sequences) {
    if (step.kind === 'prefill' || sequence.nextTokenIndex > step.depthTokens + step.repetitions)
      await sequence.clearHistory()
    if (step.kind === 'decode' && sequence.nextTokenIndex < step.depthTokens)
      await sequence.evaluateWithoutGeneratingNewTokens(tokens(step.depthTokens - sequence.nextTokenIndex))
  }
}
