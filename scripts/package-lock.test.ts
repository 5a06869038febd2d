import { readFileSync } from 'node:fs'
import { expect, test } from 'vitest'

interface Lock {
  readonly packages: Readonly<
    Record<
      string,
      { readonly version?: string; readonly optionalDependencies?: Readonly<Record<string, string>> }
    >
  >
}

const lock = JSON.parse(readFileSync(new URL('../package-lock.json', import.meta.url), 'utf8')) as Lock

/**
 * npm leaves out of the lock what it cannot see while writing it, and `npm ci` then refuses the lock on every machine:
 * llama.cpp's prebuilt for every platform must be named even when the lock was written where one was out of reach.
 */
test('the lock names a llama.cpp build for every platform', () => {
  const builds = lock.packages['node_modules/node-llama-cpp']?.optionalDependencies ?? {}
  expect(Object.keys(builds).length).toBeGreaterThan(10)
  const locked = Object.keys(builds).map((name) => [name, lock.packages[`node_modules/${name}`]?.version])
  expect(Object.fromEntries(locked)).toEqual(builds)
})
