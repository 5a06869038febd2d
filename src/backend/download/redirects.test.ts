import { expect, it } from 'vitest'
import { redirectTarget, tokenFor } from '#backend/download/redirects.ts'
import { RemoteFault } from '#backend/download/remote-fault.ts'

const hub = 'https://huggingface.co'

it.each([
  [hub, `${hub}/org/repo`, true],
  [hub, 'https://cdn.huggingface.co/x', false],
  [hub, 'https://huggingface.co.evil.example/x', false],
  [hub, 'https://huggingface.co:8443/x', false],
  [hub, 'http://huggingface.co/x', false],
  ['http://mirror.lan', 'http://mirror.lan/x', false],
  ['http://127.0.0.1:8080', 'http://127.0.0.1:8080/x', true],
  ['http://[::1]:8080', 'http://[::1]:8080/x', true],
  ['http://127.evil.example', 'http://127.evil.example/x', false],
])('of the hub %s, %s gets the token: %s', (address, url, gets) => {
  const token = tokenFor(new URL(url), { address: new URL(address), token: 'secret' })
  expect(token).toBe(gets ? 'secret' : null)
})

it.each([
  [`${hub}/a`, '/b', `${hub}/b`],
  [`${hub}/a`, 'https://cdn.example/b?x=1', 'https://cdn.example/b?x=1'],
  ['http://mirror.lan/a', 'http://other.lan/b', 'http://other.lan/b'],
  ['http://mirror.lan/a', 'https://other.lan/b', 'https://other.lan/b'],
])('%s may send to %s', (from, location, target) => {
  expect(redirectTarget(location, new URL(from))?.href).toBe(target)
})

it.each([
  [`${hub}/a`, 'http://huggingface.co/b'],
  [`${hub}/a`, 'file:///etc/passwd'],
  ['http://mirror.lan/a', 'ftp://mirror.lan/b'],
])('%s may not send to %s', (from, location) => {
  expect(() => redirectTarget(location, new URL(from))).toThrow(RemoteFault)
})
