import { expect, it } from 'vitest'
import { matchingCommands } from './matching-commands.ts'

const onClick = (): void => undefined
const models = Array.from({ length: 30 }, (_, index) => ({
  id: `m${index}`,
  label: `Model ${index}B`,
  description: 'Maker',
  onClick,
}))
const commands = [
  { group: 'Go to', actions: [{ id: 'machine', label: 'Machine', onClick }] },
  {
    group: 'Models',
    actions: [...models, { id: 'q', label: 'Qwen3 30B-A3B', description: 'Alibaba', onClick }],
  },
]

const found = (query: string) =>
  matchingCommands(query, commands).flatMap((group) => group.actions.map((action) => action.id))

it.each([
  ['', ['machine']],
  ['MACH', ['machine']],
  ['qwen3 30b', ['q']],
  ['qwen3-30b-a3b', ['q']],
  ['alibaba 30', ['q']],
  ['nothing like it', []],
])('finds for %j', (query, ids) => {
  expect(found(query)).toEqual(ids)
})
