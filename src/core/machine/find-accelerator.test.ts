import { describe, expect, it } from 'vitest'
import table from '#data/accelerators.json' with { type: 'json' }
import type { AcceleratorSpec } from '#core/machine/accelerator-spec.ts'
import { findAccelerator } from '#core/machine/find-accelerator.ts'

const specs = (table.records as unknown as readonly Omit<AcceleratorSpec, 'origin'>[]).map(
  (record): AcceleratorSpec => ({ ...record, origin: 'shipped' }),
)

describe('findAccelerator', () => {
  it.each([
    ['4090', 'nvidia-geforce-rtx-4090'],
    ['rtx4090', 'nvidia-geforce-rtx-4090'],
    ['RTX 4090 24GB', 'nvidia-geforce-rtx-4090'],
    ['RTX 4090 D', 'nvidia-geforce-rtx-4090-d'],
    ['M2 Max 38', 'apple-m2-max-38'],
    ['M4 Max 40-core', 'apple-m4-max-40'],
    ['Apple M1 Pro 16c', 'apple-m1-pro-16'],
    ['7900 XTX', 'amd-radeon-rx-7900-xtx'],
    ['7900 XT', 'amd-radeon-rx-7900-xt'],
    ['Arc B580', 'intel-arc-b580'],
    ['H100', 'nvidia-h100-sxm5-80gb'],
    ['A100', 'nvidia-a100-80gb-sxm4'],
    ['A100 40GB PCIe', 'nvidia-a100-40gb-pcie'],
    ['Strix Halo', 'amd-radeon-8060s-strix-halo'],
    ['DGX Spark', 'nvidia-gb10-dgx-spark'],
    ['RTX 3060 8GB', 'nvidia-geforce-rtx-3060-8gb'],
    ['RTX 5070', 'nvidia-geforce-rtx-5070'],
    ['5070 Laptop', 'nvidia-geforce-rtx-5070-laptop-gpu'],
    ['L4', 'nvidia-l4'],
    ['L40', 'nvidia-l40'],
    ['nvidia-l40s', 'nvidia-l40s'],
    ['780M', 'amd-radeon-780m-phoenix-hawk-point'],
    ['4080s', 'nvidia-geforce-rtx-4080-super'],
    ['RTX 4070 Ti S', 'nvidia-geforce-rtx-4070-ti-super'],
    ['6800S', 'amd-radeon-rx-6800s'],
    ['MacBook Pro M3 Max 40', 'apple-m3-max-40'],
    ['Mac mini M4 Pro 20', 'apple-m4-pro-20'],
    ['A40', 'nvidia-a40'],
  ])('finds %s', (query, id) => {
    const found = findAccelerator(query, specs)
    expect(found.kind === 'found' ? found.record.id : found).toBe(id)
  })

  it.each([
    ['RTX 3060', ['nvidia-geforce-rtx-3060-12gb', 'nvidia-geforce-rtx-3060-8gb']],
    ['RTX 3080', ['nvidia-geforce-rtx-3080-10gb', 'nvidia-geforce-rtx-3080-12gb']],
    ['4060 Ti', ['nvidia-geforce-rtx-4060-ti-8gb', 'nvidia-geforce-rtx-4060-ti-16gb']],
    ['M2 Max', ['apple-m2-max-38', 'apple-m2-max-30']],
  ])('says that %s is ambiguous, the one sold first (then the larger) first', (query, ids) => {
    const found = findAccelerator(query, specs)
    expect(found.kind === 'ambiguous' ? found.candidates.map((spec) => spec.id) : found).toEqual(ids)
  })

  it.each(['M40', 'GTX M10', 'B4090', 'RTX 4091', 'GeForce 4090 Tii', 'Voodoo 2', '', 'graphics'])(
    'does not find %j',
    (query) => {
      expect(findAccelerator(query, specs).kind).toBe('unknown')
    },
  )

  it('names the nearest for a typing error', () => {
    const found = findAccelerator('RTX 4091', specs)
    expect(found.kind === 'unknown' ? found.nearest.map((spec) => spec.name) : []).toContain(
      'NVIDIA GeForce RTX 4090',
    )
  })

  it('finds every record by its own name and id', () => {
    for (const spec of specs) {
      for (const name of [spec.id, spec.name]) {
        const found = findAccelerator(name, specs)
        expect(found.kind === 'found' ? found.record.id : `${name}: ${found.kind}`).toBe(spec.id)
      }
    }
  })
})
