import type { Server } from 'node:http'
import type { AddressInfo } from 'node:net'
import { InhouseError } from '#contract/inhouse-error.ts'

/** Starts listening and answers the port, which the system chose if 0 was asked for. */
export async function listen(server: Server, port: number, host: string): Promise<number> {
  await new Promise<void>((resolve, reject) => {
    server.once('error', (error) => reject(listenFailure(error, port, host)))
    server.listen(port, host, resolve)
  })
  return (server.address() as AddressInfo).port
}

function listenFailure(error: NodeJS.ErrnoException, port: number, host: string): InhouseError {
  switch (error.code) {
    case 'EADDRINUSE':
      return new InhouseError({
        code: 'PORT_IN_USE',
        message: `Port ${port} on ${host} is in use by another program.`,
        nextStep: 'End that program, choose another port with --port, or use --port 0 for any free one.',
        cause: error,
      })
    case 'EACCES':
      return new InhouseError({
        code: 'PORT_IN_USE',
        message: `Port ${port} on ${host} is reserved by the system.`,
        nextStep: 'Choose a port above 1023 with --port, or use --port 0 for any free one.',
        cause: error,
      })
    default:
      return new InhouseError({
        code: 'ADDRESS_UNAVAILABLE',
        message: `Inhouse cannot listen on ${host} (${error.message}).`,
        nextStep: 'Use --host 127.0.0.1, or one of the addresses this machine has.',
        cause: error,
      })
  }
}
