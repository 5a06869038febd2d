import { describe, expect, it } from 'vitest'
import { lookUpByName, nameTokens, nearestByName, normalizeName } from '#core/lookup/lookup.ts'

const cards = [
  { name: 'NVIDIA GeForce RTX 4090', aliases: ['RTX 4090', '4090'] },
  { name: 'NVIDIA GeForce RTX 4080', aliases: ['RTX 4080'] },
  { name: 'NVIDIA GeForce RTX 3090', aliases: ['RTX 3090'] },
  { name: 'Apple M2 Max', aliases: ['M2 Max'] },
]
const options = { records: cards, namesOf: (card: (typeof cards)[number]) => [card.name, ...card.aliases] }

describe('lookUpByName', () => {
  it('ignores case and punctuation', () => {
    expect(normalizeName('Llama-3.1 8B')).toBe('llama318b')
    expect(nameTokens('RTX4090-Ti')).toEqual(['rtx', '4090', 'ti'])
    for (const query of ['RTX 4090', 'rtx4090', 'rtx-4090', 'nvidia geforce rtx_4090'])
      expect(lookUpByName(query, options)).toEqual({ kind: 'found', record: cards[0] })
  })

  it('names the nearest records when nothing matches', () => {
    const result = lookUpByName('RTX 4091', options)
    expect(result.kind).toBe('unknown')
    const nearest = nearestByName('RTX 4091', options).map((card) => card.name)
    expect(nearest.slice(0, 2)).toEqual(['NVIDIA GeForce RTX 4090', 'NVIDIA GeForce RTX 4080'])
    expect(nearestByName('m2 mx', options)[0]?.name).toBe('Apple M2 Max')
  })

  it('offers nothing for a query that is like nothing, and finds nothing for an empty one', () => {
    expect(lookUpByName('zzz', options)).toEqual({ kind: 'unknown', nearest: [] })
    expect(lookUpByName(' -- ', options)).toEqual({ kind: 'unknown', nearest: [] })
  })

  it('is ambiguous when two records carry the name', () => {
    const twins = [
      { name: 'A', aliases: ['X'] },
      { name: 'B', aliases: ['x'] },
    ]
    expect(lookUpByName('X', { records: twins, namesOf: (twin) => [twin.name, ...twin.aliases] })).toEqual({
      kind: 'ambiguous',
      candidates: twins,
    })
  })
})
