import type { IncomingMessage, ServerResponse } from 'node:http'
import { BodyLimitPlugin, RPCHandler } from '@orpc/server/node'
import { SimpleCsrfProtectionHandlerPlugin } from '@orpc/server/plugins'
import type { BackendRouter } from '#backend/api/router.ts'

/** Where calls are answered. */
export const CALL_PREFIX = '/rpc'

/** The largest calls are conversations that fill a long context, and imports of measurements; only who was let in makes them. */
const MAX_BODY_BYTES = 16 * 1024 * 1024

export type CallHandler = (request: IncomingMessage, response: ServerResponse) => Promise<boolean>

/**
 * Answers calls of the contract over HTTP; false where no such call exists. Callers must send the header that
 * `createWebClient` sends: a foreign page cannot, without a preflight that nobody here answers.
 */
export function createCallHandler(router: BackendRouter): CallHandler {
  const handler = new RPCHandler(router, {
    plugins: [new SimpleCsrfProtectionHandlerPlugin(), new BodyLimitPlugin({ maxBodySize: MAX_BODY_BYTES })],
    // GET never reaches this handler.
    strictGetMethodPluginEnabled: false,
  })
  return async (request, response) => {
    const { matched } = await handler.handle(request, response, { prefix: CALL_PREFIX, context: {} })
    return matched
  }
}
