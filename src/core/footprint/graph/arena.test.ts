import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { createArena, release, take, type Piece } from '#core/footprint/graph/arena.ts'

describe('arena', () => {
  it('takes the smallest free piece that fits, and the end only when none does', () => {
    const arena = createArena()
    const large = take(arena, 256)
    take(arena, 64)
    const small = take(arena, 128)
    take(arena, 64)
    release(arena, large)
    release(arena, small)
    expect(take(arena, 100)).toEqual({ start: small.start, bytes: 128 })
    expect(take(arena, 192)).toEqual({ start: large.start, bytes: 192 })
    expect(take(arena, 128)).toEqual({ start: 512, bytes: 128 })
    expect(arena.peakBytes).toBe(640)
  })

  it('joins what is given back with free neighbours', () => {
    const arena = createArena()
    const pieces = [64, 64, 64, 64].map((bytes) => take(arena, bytes))
    release(arena, pieces[0]!)
    release(arena, pieces[2]!)
    release(arena, pieces[1]!)
    expect(take(arena, 192).start).toBe(0)
    expect(arena.peakBytes).toBe(256)
  })

  it('never gives out a byte twice, and is whole again when all is given back', () => {
    const steps = fc.array(fc.record({ bytes: fc.integer({ min: 1, max: 4096 }), frees: fc.nat(8) }))
    fc.assert(
      fc.property(steps, (each) => {
        const arena = createArena()
        const held: Piece[] = []
        for (const { bytes, frees } of each) {
          const piece = take(arena, bytes)
          const overlaps = held.some(
            (other) => piece.start < other.start + other.bytes && other.start < piece.start + piece.bytes,
          )
          expect(overlaps).toBe(false)
          held.push(piece)
          if (frees < held.length) release(arena, held.splice(frees, 1)[0]!)
        }
        for (const piece of held) release(arena, piece)
        expect({ starts: arena.starts, sizes: arena.sizes }).toEqual({ starts: [0], sizes: [Infinity] })
      }),
    )
  })
})
