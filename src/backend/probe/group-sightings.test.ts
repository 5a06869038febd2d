import { describe, expect, it } from 'vitest'
import { shippedCatalogue } from '../../../test/shipped-catalogue.ts'
import { groupSightings } from '#backend/probe/group-sightings.ts'
import { sighting, type Sighting } from '#backend/probe/sighting.ts'

function seen(source: string, said: Partial<Sighting>): Sighting {
  return sighting({ source, origin: source, vendor: 'NVIDIA', ...said })
}

function sourcesByAddress(sightings: readonly Sighting[]) {
  return groupSightings(sightings, shippedCatalogue.accelerators).map((group) => [
    group.find(({ pciAddress }) => pciAddress !== null)?.pciAddress ?? null,
    group.map(({ source }) => source).toSorted(),
  ])
}

describe('groupSightings', () => {
  it('puts what two sources say of one PCI address together, whatever they name it', () => {
    // Two cards of one model, listed the other way round and under another name.
    const groups = sourcesByAddress([
      seen('nvidia-smi', { name: 'NVIDIA RTX A4000', pciAddress: '0000:01:00.0' }),
      seen('nvidia-smi', { name: 'NVIDIA RTX A4000', pciAddress: '0000:02:00.0' }),
      seen('lspci', { name: 'Engineering Sample', pciAddress: '0000:02:00.0' }),
      seen('lspci', { name: 'Engineering Sample', pciAddress: '0000:01:00.0' }),
    ])
    expect(groups).toEqual([
      ['0000:01:00.0', ['lspci', 'nvidia-smi']],
      ['0000:02:00.0', ['lspci', 'nvidia-smi']],
    ])
  })

  it('keeps two cards of one name apart that two sources see at different addresses', () => {
    const groups = sourcesByAddress([
      seen('nvidia-smi', { name: 'NVIDIA RTX A4000', pciAddress: '0000:01:00.0' }),
      seen('lspci', { name: 'NVIDIA RTX A4000', pciAddress: '0000:02:00.0' }),
    ])
    expect(groups).toEqual([
      ['0000:01:00.0', ['nvidia-smi']],
      ['0000:02:00.0', ['lspci']],
    ])
  })
})
