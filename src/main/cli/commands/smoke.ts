import type { Chat } from '#backend/chat/chat.ts'
import { runSmokeTest } from '#backend/smoke/run-smoke-test.ts'
import type { OpenWish, SmokeUpdate } from '#contract/chatting.ts'
import type { Machine } from '#core/machine/machine.ts'
import { measurementOfSmoke } from '#core/smoke/measurement-of-smoke.ts'
import { untilCancelled } from '../cancel-signal.ts'
import { writeJson } from '../cli-context.ts'
import type { CliContext } from '../cli-context.ts'
import { FailedOutcome } from '../failed-outcome.ts'
import { followProgress } from '../follow-progress.ts'
import { openWishOf, type ChatOptions } from '../input/chat-options.ts'
import { smokeJson, type SmokeOutcome } from '../json/smoke-json.ts'
import { keepMeasurement } from '../kept-measurements.ts'
import { smokeProgressText } from '../text/smoke-progress-text.ts'
import { checkText, comparisonText, smokeEndText, smokeHeadText } from '../text/smoke-text.ts'
import { usageError } from '../usage-error.ts'
import { targetOf, withChat } from '../with-chat.ts'

export interface SmokeOptions extends ChatOptions {
  readonly json?: boolean
  readonly transcript?: boolean
}

/** One test, or two to compare. */
function wishesOf(names: readonly (string | undefined)[], options: SmokeOptions): readonly OpenWish[] {
  const [first, second] = names
  const { endpoint, lora = [], model } = options
  const alone = (name: string | undefined) => openWishOf(targetOf(name, {}), options)
  if (endpoint !== undefined || model !== undefined) {
    if (second !== undefined || lora.length > 0) {
      throw usageError(
        'An endpoint is tested alone, or compared with one model of this machine.',
        'Leave out --lora and the second model, or --endpoint.',
      )
    }
    const wish = openWishOf(targetOf(undefined, options), options)
    return first === undefined ? [wish] : [alone(first), wish]
  }
  if (second !== undefined) {
    if (lora.length === 0) return [alone(first), alone(second)]
    throw usageError(
      'An adapter belongs to one model.',
      'Name one model with --lora: it is tested without and with it.',
    )
  }
  const wish = alone(first)
  return lora.length === 0 ? [wish] : [{ ...wish, adapters: [] }, wish]
}

interface TestSetting {
  readonly chat: Chat
  readonly machine: () => Promise<Machine>
  readonly options: SmokeOptions
  readonly context: CliContext
}

/** Opens, tests and keeps one; the model is let go before the next is loaded. */
async function test(wish: OpenWish, setting: TestSetting, signal: AbortSignal): Promise<SmokeOutcome> {
  const { chat, context, machine, options } = setting
  const { model, subject } = await followProgress(chat.open(wish, signal), context, smokeProgressText)
  try {
    if (options.json !== true) await context.write(smokeHeadText(model.info, subject, context.style))
    const running = runSmokeTest({ model, subject, machine: await machine() }, signal)
    const record = await followProgress(tickingOff(running, setting), context, smokeProgressText)
    const measurement = measurementOfSmoke(record, model.info.prediction)
    for (const kept of [record, measurement]) if (kept !== null) await keepMeasurement(kept, context)
    const { noPrediction, prediction } = model.info
    const outcome = { record, prediction, noPrediction, isMeasurement: measurement !== null }
    if (options.json !== true) await context.write(smokeEndText(outcome, context.style))
    return outcome
  } finally {
    model.close()
  }
}

/** Writes each check when it is done; the stream passes through. */
async function* tickingOff<Result>(
  running: AsyncGenerator<SmokeUpdate, Result>,
  { context, options }: TestSetting,
): AsyncGenerator<SmokeUpdate, Result> {
  for (;;) {
    const step = await running.next()
    if (step.done === true) return step.value
    const update = step.value
    if (update.kind === 'check-done' && options.json !== true) {
      context.showProgress?.(null)
      await context.write(
        checkText(update.result, { style: context.style, transcript: options.transcript === true }),
      )
    }
    yield update
  }
}

/** `inhouse smoke [MODEL] [OTHER]`. */
export async function smoke(
  names: readonly (string | undefined)[],
  options: SmokeOptions,
  context: CliContext,
): Promise<void> {
  const wishes = wishesOf(names, options)
  const outcomes = await untilCancelled((signal) =>
    withChat(context, options, async (chat, session) => {
      const machine = async () => (await session()).machine
      const done: SmokeOutcome[] = []
      for (const wish of wishes) done.push(await test(wish, { chat, machine, options, context }, signal))
      return done
    }),
  )
  const [first, second] = outcomes
  if (options.json === true) await writeJson(context, smokeJson(outcomes))
  else if (first !== undefined && second !== undefined) {
    await context.write(comparisonText(first.record, second.record, context.style))
  }
  if (outcomes.some(({ record }) => !record.passed)) throw new FailedOutcome()
}
