import type { Chat } from '#backend/chat/chat.ts'
import { runSmokeTest } from '#backend/smoke/run-smoke-test.ts'
import type { MeasurementStore } from '#backend/store/measurement-store.ts'
import type { FinishedSmokeTest, OpenWish, SmokeUpdate } from '#contract/chatting.ts'
import { InhouseError } from '#contract/inhouse-error.ts'
import type { RunPrediction } from '#core/chat/run-prediction.ts'
import type { Machine } from '#core/machine/machine.ts'
import { measurementOfSmoke } from '#core/smoke/measurement-of-smoke.ts'
import type { SmokeRecord } from '#core/smoke/smoke-record.ts'

/** What a smoke test is run and kept with. */
export interface SmokeTestOptions {
  readonly chat: Chat
  readonly store: Pick<MeasurementStore, 'add'>
  readonly machine: () => Promise<Machine>
  readonly signal: AbortSignal
}

/** Opens a model, tests it, and keeps the test; its speeds correct the estimates of this machine. */
export async function* runAndKeepSmokeTest(
  wish: OpenWish,
  { chat, store, machine, signal }: SmokeTestOptions,
): AsyncGenerator<SmokeUpdate, FinishedSmokeTest> {
  const { model, subject } = yield* chat.open(wish, signal)
  try {
    const record = yield* runSmokeTest({ model, subject, machine: await machine() }, signal)
    return { record, notKept: await keep(record, model.info.prediction, store) }
  } finally {
    model.close()
  }
}

/** A test that cannot be kept has still been run: the reason goes with it. */
async function keep(
  record: SmokeRecord,
  prediction: RunPrediction | null,
  store: SmokeTestOptions['store'],
): Promise<string | null> {
  try {
    await store.add(record)
    const measurement = measurementOfSmoke(record, prediction)
    if (measurement !== null) await store.add(measurement)
    return null
  } catch (error) {
    if (!(error instanceof InhouseError)) throw error
    return `${error.message} ${error.nextStep}`
  }
}
