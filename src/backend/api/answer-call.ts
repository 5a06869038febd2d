import { wireError } from '#backend/api/wire-error.ts'

/** What a call answers, its failure as it crosses to a face. */
export async function answered<T>(work: Promise<T>): Promise<T> {
  try {
    return await work
  } catch (error) {
    throw wireError(error)
  }
}

/** Errors of a stream appear while it is read, after the call itself has answered. */
export async function* streamed<Value, Result>(
  source: AsyncGenerator<Value, Result>,
): AsyncGenerator<Value, Result> {
  try {
    return yield* source
  } catch (error) {
    throw wireError(error)
  }
}
