import { describe, expect, it } from 'vitest'
import { readModelsView, sortedBy, toggledComparison, writeModelsView } from './models-view.ts'

describe('the address of the models page', () => {
  it('is empty for the first look', () => {
    expect(writeModelsView(readModelsView(''))).toBe('')
  })

  it.each([
    'q=qwen+%3Cimg%3E&fit=runs&kind=code&developer=Alibaba&license=commercial&size=4b-16b&modality=image&own=1',
    'sort=decode&hide=agreement%2Clicense&compare=Qwen%2FQwen3-8B%2Cgoogle%2Fgemma-3-4b-it',
    'sort=decode&order=ascending',
  ])('survives being read and written: %s', (search) => {
    expect(writeModelsView(readModelsView(search))).toBe(search)
  })

  it('leaves what is not its own in the address', () => {
    expect(writeModelsView(readModelsView('sort=decode'), 'needs=use%3Acode&fit=runs')).toBe(
      'needs=use%3Acode&sort=decode',
    )
  })

  it('takes nonsense as not said', () => {
    expect(readModelsView('fit=perhaps&sort=colour&order=sideways&hide=model,fit,x&size=huge')).toEqual({
      ...readModelsView(''),
      hidden: [],
    })
  })

  it('compares four at most', () => {
    expect(readModelsView('compare=a,b,c,d,e').compared).toEqual(['a', 'b', 'c', 'd'])
    const full = readModelsView('compare=a,b,c,d')
    expect(toggledComparison(full, 'e').compared).toEqual(['a', 'b', 'c', 'd'])
    expect(toggledComparison(full, 'b').compared).toEqual(['a', 'c', 'd'])
  })

  it('sorts best first, then the other way round, then by rank again', () => {
    const once = sortedBy(readModelsView(''), 'decode')
    const twice = sortedBy(once, 'decode')
    const thrice = sortedBy(twice, 'decode')
    expect([once, twice, thrice].map((view) => [view.sort, view.direction])).toEqual([
      ['decode', 'descending'],
      ['decode', 'ascending'],
      ['rank', 'ascending'],
    ])
  })
})
