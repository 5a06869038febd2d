import type { OpenModel } from '#backend/chat/open-model.ts'
import type { ChatAnswer } from '#contract/chatting.ts'
import type { CliContext } from '../cli-context.ts'
import type { GivenAnswer } from '../text/chat-comparison-text.ts'
import { answerNumbers, answerText, progressText } from '../text/chat-text.ts'
import { settingsWith, type GivenSettings } from './settings-with.ts'

/** One question, and how to answer it. */
export interface SingleQuestion {
  readonly model: OpenModel
  readonly prompt: string
  readonly settings: GivenSettings
  readonly json: boolean
}

/** Asks once: stdout gets the answer as it comes and nothing else, stderr its numbers at the end. */
export async function answerOnce(
  question: SingleQuestion,
  context: CliContext,
  signal: AbortSignal,
): Promise<GivenAnswer> {
  const { json, model, prompt, settings } = question
  const { info } = model
  const request = {
    messages: [{ role: 'user', text: prompt }],
    settings: settingsWith(info.defaults, settings),
  } as const
  const answer = await said(model.chat(request, signal), context, async (text) => {
    if (!json) await context.write(answerText(text))
  })
  if (!json) {
    if (answer.text !== '' && !answer.text.endsWith('\n')) await context.write('\n')
    context.writeError(`${answerNumbers(answer.generation, info)}\n`)
  }
  return { answer, info }
}

/** Follows an answer to its end; what it does before its first word is shown to who watches. */
async function said(
  answering: ReturnType<OpenModel['chat']>,
  { showProgress, style, write: writeOut }: CliContext,
  write: (text: string) => Promise<void>,
): Promise<ChatAnswer> {
  let hasBegun = false
  try {
    for (;;) {
      const step = await answering.next()
      if (step.done === true) return step.value
      const update = step.value
      if (update.kind === 'text' && update.part === 'answer') {
        if (!hasBegun) showProgress?.(null)
        hasBegun = true
        await write(update.text)
      } else if (!hasBegun) showProgress?.(progressText(update))
    }
  } catch (error) {
    // On a terminal what went wrong begins a line of its own.
    if (hasBegun && style.terminalColumns !== null) await writeOut('\n')
    throw error
  } finally {
    showProgress?.(null)
  }
}
