import { once } from 'node:events'
import { createServer, type IncomingMessage } from 'node:http'
import type { AddressInfo } from 'node:net'

/** A server that speaks like OpenAI: it repeats what it is asked, and tries to have a link followed and a picture fetched. */
export async function startChatServer(): Promise<{ readonly url: string; close(): Promise<void> }> {
  const server = createServer((request, response) => {
    void answer(request).then((body) => {
      response.writeHead(200, {
        'content-type': body.startsWith('data:') ? 'text/event-stream' : 'application/json',
      })
      response.end(body)
    })
  })
  server.listen(0, '127.0.0.1')
  await once(server, 'listening')
  const { port } = server.address() as AddressInfo
  return {
    url: `http://127.0.0.1:${port}/v1`,
    close: async () => {
      server.closeAllConnections()
      server.close()
      await once(server, 'close')
    },
  }
}

async function answer(request: IncomingMessage): Promise<string> {
  if (request.method === 'GET')
    return JSON.stringify({ object: 'list', data: [{ id: 'parrot', object: 'model' }] })
  const chunks: Buffer[] = []
  for await (const chunk of request) chunks.push(chunk as Buffer)
  const { messages } = JSON.parse(Buffer.concat(chunks).toString()) as { messages: { content: string }[] }
  const pieces = [
    'You said: ',
    messages.at(-1)?.content ?? '',
    '\n\n[Look here](https://example.invalid/) <script>alert(1)</script>\n\n![a picture](https://example.invalid/x.png)',
  ]
  const events = [
    ...pieces.map((content) => ({ choices: [{ index: 0, delta: { content } }] })),
    { choices: [{ index: 0, delta: {}, finish_reason: 'stop' }] },
    { choices: [], usage: { prompt_tokens: 10, completion_tokens: 20, total_tokens: 30 } },
  ]
  return `${events.map((event) => `data: ${JSON.stringify(event)}\n\n`).join('')}data: [DONE]\n\n`
}
