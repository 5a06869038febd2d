import type { ServerResponse } from 'node:http'

/** A refusal or a notice in words that say what to do. */
export interface PlainAnswer {
  readonly status: number
  readonly text: string
  readonly headers?: Readonly<Record<string, string>>
}

export const ANSWERS = {
  foreignHost: {
    status: 403,
    text: 'This address is not one of this machine\'s. Open Inhouse at the address it printed in the terminal; to reach another machine, forward a port with "ssh -L" or start Inhouse there with --host.',
  },
  foreignOrigin: {
    status: 403,
    text: 'Another website asked for this. Inhouse answers its own page only; open the address it printed in the terminal.',
  },
  noSession: {
    status: 403,
    text: 'This browser has not been let in yet. Open the whole address that Inhouse printed in the terminal, including the part after "token=".',
  },
  wrongToken: {
    status: 403,
    text: 'The token in this address is not the one of the running Inhouse; it changes at every start. Copy the address from the terminal again.',
  },
  noSuchPage: {
    status: 404,
    text: 'There is nothing at this address. Start again at the address that Inhouse printed in the terminal.',
  },
  pageMethod: {
    status: 405,
    text: 'Pages are read with GET. Calls go to /rpc with POST.',
    headers: { allow: 'GET, HEAD' },
  },
  callMethod: {
    status: 405,
    text: 'Calls to /rpc are made with POST.',
    headers: { allow: 'POST' },
  },
  uploadMethod: {
    status: 405,
    text: 'Files are put here with PUT.',
    headers: { allow: 'PUT' },
  },
  forbiddenPath: {
    status: 403,
    text: 'This address leads outside the page and is not served.',
  },
  failed: {
    status: 500,
    text: 'Inhouse met a fault of its own while answering. Try again; the terminal it runs in says more.',
  },
} as const satisfies Readonly<Record<string, PlainAnswer>>

/** Sends a plain answer; nothing of the request is repeated in it. */
export function sendPlain(response: ServerResponse, answer: PlainAnswer): void {
  response.writeHead(answer.status, {
    'content-type': 'text/plain; charset=utf-8',
    'cache-control': 'no-store',
    ...answer.headers,
  })
  response.end(`${answer.text}\n`)
}
