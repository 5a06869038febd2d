import { expect, it } from 'vitest'
import { webAddress } from './web-address.ts'

it.each([
  ['', null],
  ['  ', null],
  ['https://hub.example.com/', 'https://hub.example.com'],
  ['http://10.0.0.1:8080/hub', 'http://10.0.0.1:8080/hub'],
])('keeps "%s" as %s', (typed, address) => {
  expect(webAddress(typed)).toEqual({ kind: 'address', address })
})

it.each(['hub.example.com', 'ftp://hub.example.com', 'https://', 'https://me:secret@proxy.example.com'])(
  'refuses "%s"',
  (typed) => {
    expect(webAddress(typed)).toEqual({ kind: 'invalid' })
  },
)
