import { readFileSync } from 'node:fs'
import { describe, expect, it } from 'vitest'
import { findLicense, licenseVerdict, type License, type LicenseTable } from '#core/license/license.ts'
import type { LicenseNeed } from '#core/advise/needs.ts'
import type { Model } from '#core/model/model.ts'

const table = JSON.parse(
  readFileSync(new URL('../../../data/licenses.json', import.meta.url), 'utf8'),
) as LicenseTable
const models = (
  JSON.parse(readFileSync(new URL('../../../data/models.json', import.meta.url), 'utf8')) as {
    records: Model[]
  }
).records

function license(id: string): License {
  const found = findLicense(id, table.records)
  if (found === null) throw new Error(`no such license: ${id}`)
  return found
}

describe('findLicense', () => {
  it('resolves the license of every model of the catalogue', () => {
    const missing = models
      .filter((model) => findLicense(model.license, table.records) === null)
      .map((model) => model.id)
    expect(missing).toEqual([])
  })

  it('resolves aliases, and says null for what it does not know', () => {
    expect(license('modified-mit').id).toBe('modified-mit-kimi')
    expect(license('llama-research-noncommercial').id).toBe('llama1')
    expect(findLicense('no-such-license', table.records)).toBeNull()
  })

  it('names no license twice', () => {
    const names = table.records.flatMap((record) => [record.id, ...record.aliases])
    expect(new Set(names).size).toBe(names.length)
    expect(table.records).toHaveLength(46)
  })
})

describe('licenseVerdict', () => {
  it.each<[string, LicenseNeed, string]>([
    ['apache-2.0', 'any', 'allow'],
    ['apache-2.0', 'commercial', 'allow'],
    ['mit', 'permissive', 'allow'],
    ['llama3.1', 'any', 'conditions'],
    ['llama3.1', 'commercial', 'conditions'],
    ['llama3.1', 'permissive', 'block'],
    ['gemma', 'commercial', 'conditions'],
    ['cc-by-nc-4.0', 'any', 'conditions'],
    ['cc-by-nc-4.0', 'commercial', 'block'],
    ['mrl', 'commercial', 'block'],
    ['mnpl-0.1', 'commercial', 'block'],
    ['qwen-research', 'commercial', 'block'],
    ['exaone-1.2-nc', 'commercial', 'block'],
    ['minimax-community', 'commercial', 'unknown'],
  ])('%s for %s: %s', (id, need, verdict) => {
    expect(licenseVerdict(license(id), need).verdict).toBe(verdict)
  })

  it('says what to do', () => {
    expect(licenseVerdict(license('llama3.1'), 'commercial').duties).toContain(
      'Show a credit where users can see it: Built with Llama.',
    )
  })

  it('does not guess about a license it does not know', () => {
    expect(licenseVerdict(null, 'commercial').verdict).toBe('unknown')
  })

  it('blocks what blocks commercial use, and nothing else, for every license', () => {
    for (const record of table.records) {
      const blocks = record.conditions.some((condition) => condition.effect === 'block')
      expect(licenseVerdict(record, 'commercial').verdict === 'block').toBe(record.commercialUse === 'no')
      expect(!blocks || record.commercialUse === 'no').toBe(true)
    }
  })
})
