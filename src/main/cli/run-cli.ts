import { CommanderError } from 'commander'
import { InhouseError } from '#contract/inhouse-error.ts'
import type { CliContext } from './cli-context.ts'
import { FailedOutcome } from './failed-outcome.ts'
import { createProgram } from './program.ts'
import { plainText } from './text/plain-text.ts'
import { failureCode } from './usage-error.ts'

/** Commander ends --help and --version by throwing too; those are no failures. */
function isDone(error: CommanderError): boolean {
  return error.exitCode === 0
}

function reportUsage(error: CommanderError, args: readonly string[], context: CliContext): void {
  const [command] = args.filter((argument) => !argument.startsWith('-'))
  const help = command === undefined ? 'inhouse --help' : `inhouse ${command} --help`
  const isUnknownCommand = error.code === 'commander.unknownCommand'
  context.writeError(`inhouse: ${error.message.replace(/^error: /, '')}\n`)
  context.writeError(`See: ${isUnknownCommand ? 'inhouse --help' : help}\n`)
}

function reportFailure(error: unknown, context: CliContext): void {
  if (error instanceof InhouseError) {
    context.writeError(`inhouse: ${error.message}\n${error.nextStep}\n`)
    return
  }
  const detail = error instanceof Error ? (error.stack ?? error.message) : String(error)
  context.writeError(`inhouse: something went wrong that should not.\n${detail}\n`)
  context.writeError('Please report it together with the output of: inhouse doctor\n')
}

/** What is said on stderr quotes arguments, files and drivers: its lines are this app's, the rest is shown as text. */
function withPlainErrors(context: CliContext): CliContext {
  return {
    ...context,
    writeError: (text) => context.writeError(text.split('\n').map(plainText).join('\n')),
  }
}

/** Runs one command line and answers the exit code: 0 done, 1 failed, 2 bad usage. */
export async function runCli(args: readonly string[], outer: CliContext): Promise<0 | 1 | 2> {
  const context = withPlainErrors(outer)
  const program = createProgram(context)
  if (args.length === 0) {
    await context.write(program.helpInformation())
    return 0
  }
  try {
    await program.parseAsync([...args], { from: 'user' })
    return 0
  } catch (error) {
    if (error instanceof CommanderError) {
      if (isDone(error)) return 0
      reportUsage(error, args, context)
      return 2
    }
    if (error instanceof FailedOutcome) return 1
    reportFailure(error, context)
    return failureCode(error)
  }
}
