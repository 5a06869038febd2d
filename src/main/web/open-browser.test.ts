import { expect, it } from 'vitest'
import { browserCommand, hasDisplay } from './open-browser.ts'

it.each([
  ['linux', {}, false],
  ['linux', { DISPLAY: ':0' }, true],
  ['linux', { WAYLAND_DISPLAY: 'wayland-0' }, true],
  ['linux', { SSH_CONNECTION: '10.0.0.1 5 10.0.0.2 22', DISPLAY: 'localhost:10.0' }, true],
  ['darwin', {}, true],
  ['darwin', { SSH_CONNECTION: '10.0.0.1 5 10.0.0.2 22' }, false],
  ['win32', {}, true],
] as const)('knows whether a browser could appear: %s with %j', (platform, environment, shows) => {
  expect(hasDisplay(environment, platform)).toBe(shows)
})

it.each(['linux', 'darwin', 'win32'] as const)('hands the address over as one argument on %s', (platform) => {
  const url = 'http://127.0.0.1:1/?token=a&calc'
  const [command, options] = browserCommand(url, platform)
  expect(command).not.toMatch(/cmd|sh$/)
  expect(options.at(-1)).toBe(url)
})
