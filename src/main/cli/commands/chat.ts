import type { OpenModel } from '#backend/chat/open-model.ts'
import { COMPARED_ENDPOINT } from '#backend/store/secrets.ts'
import type { OpenWish } from '#contract/chatting.ts'
import { InhouseError } from '#contract/inhouse-error.ts'
import { untilCancelled } from '../cancel-signal.ts'
import { answerOnce } from '../chat/answer-once.ts'
import type { GivenSettings } from '../chat/settings-with.ts'
import { writeJson, type CliContext } from '../cli-context.ts'
import { followProgress } from '../follow-progress.ts'
import { openWishOf, type ChatOptions } from '../input/chat-options.ts'
import { readJsonInput } from '../input/read-json-input.ts'
import { chatJson } from '../json/chat-json.ts'
import { chatComparisonText, type GivenAnswer } from '../text/chat-comparison-text.ts'
import { plainText } from '../text/plain-text.ts'
import { usageError } from '../usage-error.ts'
import { targetOf, withChat } from '../with-chat.ts'

export interface ChatCommandOptions extends ChatOptions {
  readonly json?: boolean
  readonly prompt?: string
  readonly system?: string
  readonly jsonSchema?: string
  readonly temperature?: number
  readonly topP?: number
  readonly topK?: number
  readonly minP?: number
  readonly repeatPenalty?: number
  readonly maxTokens?: number
  readonly seed?: number
  readonly againstModel?: string
}

/** As much as one message may hold. */
const MAX_PROMPT_LETTERS = 8 * 1024 * 1024

/** `inhouse chat [MODEL]`. */
export async function chat(
  name: string | undefined,
  options: ChatCommandOptions,
  context: CliContext,
): Promise<void> {
  const wishes = wishesOf(name, options)
  const settings = await givenSettings(options)
  const prompt = await promptOf(options, context)
  if (prompt !== null) return askEach(wishes, { prompt, settings, options }, context)
  const [wish] = wishes
  const { chatInTerminal } = await import('../chat/chat-terminal.ts')
  return withChat(context, options, (opener) =>
    chatInTerminal({
      open: (signal) => opened(opener.open(wish, signal), context),
      settings,
      context,
      output: process.stdout,
    }),
  )
}

/** One model, or a second one beside it. */
function wishesOf(name: string | undefined, options: ChatCommandOptions): readonly [OpenWish, ...OpenWish[]] {
  const { against, againstModel, prompt } = options
  const wish = openWishOf(targetOf(name, options), options)
  if (against === undefined && againstModel === undefined) return [wish]
  if (against === undefined || againstModel === undefined) {
    throw usageError(
      'Another endpoint needs its address and its model.',
      'Give --against and --against-model.',
    )
  }
  if (prompt === undefined) {
    throw usageError('Two models are asked one question.', 'Say it with --prompt.')
  }
  const target = { kind: 'endpoint', endpointId: COMPARED_ENDPOINT, model: againstModel } as const
  return [wish, openWishOf(target, {})]
}

interface Question {
  readonly prompt: string
  readonly settings: GivenSettings
  readonly options: ChatCommandOptions
}

/** One after the other, so that neither is slowed by the other; of two, the numbers are set side by side. */
async function askEach(
  wishes: readonly OpenWish[],
  { options, prompt, settings }: Question,
  context: CliContext,
): Promise<void> {
  const json = options.json === true
  const answers: GivenAnswer[] = []
  await untilCancelled((signal) =>
    withChat(context, options, async (opener) => {
      for (const wish of wishes) {
        try {
          const model = await opened(opener.open(wish, signal), context)
          if (wishes.length > 1 && !json)
            await context.write(`${context.style.bold(plainText(model.info.name))}\n`)
          answers.push(
            await answerOnce({ model, prompt, settings, json }, context, signal).finally(() => model.close()),
          )
        } catch (error) {
          throw signal.aborted ? calledOff() : error
        }
      }
    }),
  )
  const outputs = answers.map(({ answer, info }) => chatJson(answer, info))
  if (json) return writeJson(context, wishes.length > 1 ? outputs : outputs[0])
  if (wishes.length > 1) await context.write(`\n${chatComparisonText(answers, context.style)}`)
}

async function opened(
  opening: AsyncGenerator<{ readonly fraction: number }, { readonly model: OpenModel }>,
  context: CliContext,
): Promise<OpenModel> {
  const { model } = await followProgress(
    opening,
    context,
    ({ fraction }) => `Loading the model: ${Math.floor(fraction * 100)} %`,
  )
  return model
}

/** What was chosen; the model's own defaults hold for the rest. */
async function givenSettings(options: ChatCommandOptions): Promise<GivenSettings> {
  const { jsonSchema, maxTokens, minP, repeatPenalty, seed, system, temperature, topK, topP } = options
  const schema =
    jsonSchema === undefined
      ? undefined
      : JSON.stringify(
          await readJsonInput({
            file: jsonSchema,
            what: 'a JSON Schema',
            nextStep: 'Name a file that holds one, or leave out --json-schema.',
          }),
        )
  return {
    sampling: given({ temperature, topP, topK, minP, repeatPenalty, seed }),
    ...given({ system, maxTokens, jsonSchema: schema }),
  }
}

function given<Values extends object>(
  values: Values,
): { [Key in keyof Values]?: Exclude<Values[Key], undefined> } {
  return Object.fromEntries(Object.entries(values).filter(([, value]) => value !== undefined)) as {
    [Key in keyof Values]?: Exclude<Values[Key], undefined>
  }
}

/** What is asked; null: a person at a terminal will say. */
async function promptOf(
  { json, prompt }: ChatCommandOptions,
  { stdin, style }: CliContext,
): Promise<string | null> {
  if (prompt !== undefined) return checkedPrompt(prompt)
  if ('isTTY' in stdin && stdin.isTTY === true) {
    if (json !== true && style.terminalColumns !== null) return null
    throw usageError('Nothing was asked.', 'Say it with --prompt, or pipe it in.')
  }
  let text = ''
  for await (const piece of stdin.setEncoding('utf8')) {
    text += String(piece)
    if (text.length > MAX_PROMPT_LETTERS) break
  }
  return checkedPrompt(text)
}

function checkedPrompt(text: string): string {
  if (text.trim() === '') throw usageError('Nothing was asked.', 'Say it with --prompt, or pipe it in.')
  if (text.length > MAX_PROMPT_LETTERS) {
    throw usageError('What was asked is longer than 8 MiB.', 'Ask about a part of it.')
  }
  return text
}

function calledOff(): InhouseError {
  return new InhouseError({
    code: 'CHAT_REFUSED',
    message: 'Stopped before there was an answer.',
    nextStep: 'Nothing is left running.',
  })
}
