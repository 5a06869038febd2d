import type { WindowOpenHandlerResponse } from 'electron'
import { describe, expect, it } from 'vitest'
import { guardContents, type GuardedContents } from './guard-navigation.ts'
import { linkHosts } from './external-links.ts'

type OpenHandler = (details: { url: string }) => WindowOpenHandlerResponse
type Listener = (event: { url: string; preventDefault(): void }) => void

/** Contents that keep their handlers, and a shell that keeps what it was asked to open. */
function guarded() {
  const listeners = new Map<string, Listener>()
  const opened: string[] = []
  let open: OpenHandler | undefined
  const contents = {
    on: (name: string, listener: Listener) => void listeners.set(name, listener),
    setWindowOpenHandler: (handler: OpenHandler) => void (open = handler),
  } as unknown as GuardedContents
  guardContents(contents, {
    shell: { openExternal: async (url) => void opened.push(url) },
    linkHosts: () => linkHosts([{ url: 'https://www.apache.org/licenses/LICENSE-2.0' }, { url: null }]),
  })
  const prevented = (name: string, url: string) => {
    let isPrevented = false
    listeners.get(name)?.({ url, preventDefault: () => (isPrevented = true) })
    return isPrevented
  }
  return { opened, prevented, open: (url: string) => open?.({ url }) }
}

describe('guardContents', () => {
  it.each(['will-navigate', 'will-frame-navigate', 'will-redirect'])(
    'keeps the page where it is on %s',
    (name) => {
      const { prevented } = guarded()
      for (const url of [
        'https://evil.example/',
        'file:///etc/passwd',
        'app://other/',
        'app://inhouse.evil/',
        'data:text/html,x',
        'not an address',
      ]) {
        expect([url, prevented(name, url)]).toEqual([url, true])
      }
      expect(prevented(name, 'app://inhouse/models')).toBe(false)
    },
  )

  it('embeds nothing', () => {
    expect(guarded().prevented('will-attach-webview', 'app://inhouse/')).toBe(true)
  })

  it('opens known https links in the browser and never a window', () => {
    const { open, opened } = guarded()
    const links = [
      'https://huggingface.co/Qwen/Qwen3-8B',
      'https://www.apache.org/licenses/LICENSE-2.0',
      'http://huggingface.co/',
      'https://huggingface.co.evil.example/',
      'https://huggingface.co@evil.example/',
      'https://user:secret@github.com/',
      'https://github.com:8443/',
      'file:///etc/passwd',
      'javascript:alert(1)',
      'ms-msdt:/id',
      'app://inhouse/',
    ]
    for (const link of links) expect(open(link)).toEqual({ action: 'deny' })
    expect(opened).toEqual(links.slice(0, 2))
  })
})
