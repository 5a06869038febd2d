import { randomUUID } from 'node:crypto'
import type { LocalBench, LocalTests, OpenModel } from '#backend/chat/open-model.ts'
import { streamWork } from '#backend/llama/stream-work.ts'
import { runCheck } from '#backend/smoke/run-check.ts'
import type { SmokeUpdate } from '#contract/chatting.ts'
import { describeMachine } from '#core/machine/describe-machine.ts'
import type { Machine } from '#core/machine/machine.ts'
import { machineFingerprint } from '#core/measure/machine-fingerprint.ts'
import { printableText } from '#core/smoke/quoted-text.ts'
import { smokeChecks } from '#core/smoke/smoke-checks.ts'
import type { SmokeCheckResult, SmokeRecord, SmokeSubject } from '#core/smoke/smoke-record.ts'

/** A model to test, open already; whoever opened it closes it. */
export interface SmokeTestToRun {
  readonly model: OpenModel
  readonly subject: SmokeSubject
  /** That runs it, or asks the endpoint. */
  readonly machine: Machine
  readonly now?: () => Date
  readonly newId?: () => string
}

/**
 * Asks the nine questions and, of a model of this machine, times it. A question that gets no answer is a failed check with
 * the cause; a model that is lost, or was never there, ends the test with its error, as does the signal.
 */
export async function* runSmokeTest(
  test: SmokeTestToRun,
  signal: AbortSignal = new AbortController().signal,
): AsyncGenerator<SmokeUpdate, SmokeRecord> {
  const { model } = test
  const startedAt = performance.now()
  const checks: SmokeCheckResult[] = []
  for (const check of smokeChecks({
    kind: test.subject.kind,
    contextTokens: model.info.contextTokens,
    sampling: model.info.defaults.sampling,
  })) {
    const said = checks.flatMap(({ transcript }) => transcript.filter(({ role }) => role === 'assistant'))
    const { result, lost } = yield* runCheck(
      { model, check, saidBefore: said.map(({ text }) => text) },
      signal,
    )
    checks.push(result)
    yield { kind: 'check-done', result }
    if (lost !== null) throw lost
  }
  const bench = model.local === null ? null : yield* runBench(model.local, signal)
  return recordOf(test, { checks, bench, tookSeconds: (performance.now() - startedAt) / 1000 })
}

function runBench(local: LocalTests, signal: AbortSignal): AsyncGenerator<SmokeUpdate, LocalBench> {
  return streamWork(signal, (until, say) =>
    local.bench(until, (what, tokensPerSecond) => say({ kind: 'bench', what, tokensPerSecond })),
  )
}

interface Findings {
  readonly checks: readonly SmokeCheckResult[]
  readonly bench: LocalBench | null
  readonly tookSeconds: number
}

function recordOf(test: SmokeTestToRun, { bench, checks, tookSeconds }: Findings): SmokeRecord {
  const { machine, model, newId = randomUUID, now = () => new Date(), subject } = test
  const { buffers, contextTokens, engine, gpuLayers } = model.info
  return {
    schema: 'inhouse/smoke-test/1',
    id: newId(),
    measuredAt: now().toISOString(),
    machine: machineFingerprint(machine),
    machineName: describeMachine(machine),
    subject: printableSubject(subject),
    engine,
    contextTokens,
    gpuLayers,
    passed: checks.every(({ outcome }) => outcome !== 'failed'),
    checks,
    bench: bench?.bench ?? null,
    memory: bench?.memory ?? null,
    buffers: bench?.buffers ?? buffers,
    othersBusyProcessors: bench?.othersBusyProcessors ?? null,
    tookSeconds,
  }
}

const MOST_NAME_CHARACTERS = 300

/** Names come from files and servers, and the record is kept, shown and sent to colleagues. */
function printableSubject(subject: SmokeSubject): SmokeSubject {
  const printable = (text: string) => printableText(text, MOST_NAME_CHARACTERS) || 'without a name'
  return {
    ...subject,
    name: printable(subject.name),
    fileName: subject.fileName === null ? null : printable(subject.fileName),
    adapters: subject.adapters.map(({ fileName, scale }) => ({ fileName: printable(fileName), scale })),
  }
}
