import { expect, it } from 'vitest'
import { oncePer } from '#core/lookup/once-per.ts'

it('computes once for each object, however alike two objects are', () => {
  const built: object[] = []
  const double = oncePer((box: { readonly size: number }) => {
    built.push(box)
    return { double: 2 * box.size }
  })
  const [one, twin] = [{ size: 3 }, { size: 3 }]
  expect([double(one), double(one), double(twin)]).toEqual([{ double: 6 }, { double: 6 }, { double: 6 }])
  expect(double(one)).toBe(double(one))
  expect(double(one)).not.toBe(double(twin))
  expect(built).toHaveLength(2)
})
