import type { Server } from 'node:http'

/** How long streams and answers on their way may take to end by themselves. */
const GRACE_MS = 250

/** Stops listening, lets what is being answered end, then cuts what is still open. */
export async function closeServer(server: Server): Promise<void> {
  const closed = new Promise<void>((resolve) => server.close(() => resolve()))
  server.closeIdleConnections()
  const cut = setTimeout(() => server.closeAllConnections(), GRACE_MS)
  await closed
  clearTimeout(cut)
}
