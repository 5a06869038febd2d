import fc from 'fast-check'
import { expect, it } from 'vitest'
import { DEFAULT_CHAT_SETTINGS } from '#core/chat/chat-settings.ts'
import type { Conversation } from '#core/chat/conversation.ts'
import { conversationJson, conversationMarkdown } from '#core/chat/export-conversation.ts'

const saidAt = '2026-11-25T12:00:00.000Z'

function conversation(text: string, changes: Partial<Conversation> = {}): Conversation {
  return {
    schema: 'inhouse/conversation/1',
    id: 'abcdefgh',
    title: 'What is LoRA?',
    startedAt: saidAt,
    changedAt: saidAt,
    model: 'the pilot',
    settings: { ...DEFAULT_CHAT_SETTINGS, system: 'Be brief.' },
    messages: [
      { id: '1', role: 'user', text: 'What is LoRA?', thought: null, generation: null, saidAt },
      {
        id: '2',
        role: 'assistant',
        text,
        thought: 'Hm.',
        generation: {
          model: 'the pilot',
          stopReason: 'end-of-turn',
          promptTokens: 5,
          reusedTokens: 0,
          generatedTokens: 12,
          timeToFirstTokenSeconds: 0.02,
          prefillTokensPerSecond: 900,
          decodeTokensPerSecond: 93,
          contextUsedTokens: 17,
          memory: null,
          usd: null,
        },
        saidAt,
      },
    ],
    ...changes,
  }
}

it('is a document that reads well', () => {
  expect(conversationMarkdown(conversation('A small\nadapter.'))).toBe(`# What is LoRA?

- Model: the pilot
- Begun: 2026-11-25T12:00:00.000Z
- Last changed: 2026-11-25T12:00:00.000Z
- Temperature: 0.8

## System prompt

\`\`\`text
Be brief.
\`\`\`

## You, 2026-11-25T12:00:00.000Z

\`\`\`text
What is LoRA?
\`\`\`

## the pilot, 2026-11-25T12:00:00.000Z

Thought before the answer:

\`\`\`text
Hm.
\`\`\`

\`\`\`text
A small
adapter.
\`\`\`

12 tokens, 93 tok/s, first after 0.02 s
`)
})

/** The fences of a document, as CommonMark 4.5 reads them, and what stands between them. */
function read(markdown: string) {
  const blocks: string[] = []
  const outside: string[] = []
  let fence: string | null = null
  let block: string[] = []
  for (const line of markdown.split('\n')) {
    const mark = /^ {0,3}(`{3,})(.*)$/.exec(line)
    if (fence === null && mark !== null && !mark[2]!.includes('`')) {
      fence = mark[1]!
      block = []
    } else if (fence !== null && mark !== null && mark[1]!.length >= fence.length && mark[2]!.trim() === '') {
      fence = null
      blocks.push(block.join('\n'))
    } else (fence === null ? outside : block).push(line)
  }
  return { blocks, outside, isClosed: fence === null }
}

const hostile = fc
  .array(
    fc.constantFrom(
      '`',
      '```',
      '````text',
      '~~~',
      '\n',
      ' ',
      '# x',
      '<script>',
      '|',
      '> ',
      '](',
      'a',
      '\r\n',
    ),
  )
  .map((parts) => parts.join(''))

it('gives back every word from its fence, whatever was said', () => {
  fc.assert(
    fc.property(hostile, (text) => {
      const { blocks, isClosed } = read(conversationMarkdown(conversation(text)))
      expect(isClosed).toBe(true)
      expect(blocks).toEqual(['Be brief.', 'What is LoRA?', 'Hm.', text.replaceAll(/\r\n?/g, '\n')])
    }),
  )
})

it('keeps names in their line, with no mark of Markdown or HTML', () => {
  fc.assert(
    fc.property(hostile, hostile, (title, model) => {
      const { outside } = read(conversationMarkdown(conversation('x', { title, model })))
      expect(outside).toHaveLength(read(conversationMarkdown(conversation('x'))).outside.length)
      expect(outside.join('\n')).not.toMatch(/(?<!\\)[<`|[\]*_]/)
    }),
  )
})

it('is kept whole as JSON', () => {
  const said = conversation('\u2028"</script>')
  expect(JSON.parse(conversationJson(said))).toEqual(said)
})
