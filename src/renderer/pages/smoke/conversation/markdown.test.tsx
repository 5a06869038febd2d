import { MantineProvider } from '@mantine/core'
import { renderToStaticMarkup } from 'react-dom/server'
import { I18nextProvider } from 'react-i18next'
import { describe, expect, it } from 'vitest'
import { createI18n } from '../../../strings/i18n.ts'
import { Markdown } from './markdown.tsx'

const i18n = createI18n()

/** What a browser makes of an answer. */
function shown(text: string): HTMLElement {
  const page = document.createElement('div')
  page.innerHTML = renderToStaticMarkup(
    <I18nextProvider i18n={i18n}>
      <MantineProvider>
        <Markdown text={text} />
      </MantineProvider>
    </I18nextProvider>,
  )
  for (const style of page.querySelectorAll('style[data-mantine-styles]')) style.remove()
  return page
}

const DANGEROUS =
  'a[href], img, script, iframe, object, embed, form, input, link, meta, base, svg, style, video'

describe('an answer as Markdown', () => {
  it.each([
    ['a script', 'before <script>alert(1)</script> after'],
    ['a block of script', '<script>\nalert(1)\n</script>\n\nafter'],
    ['an image of HTML', '<img src=x onerror=alert(1)> after'],
    ['an image', '![tracks you](https://example.com/pixel.png) after'],
    ['an image as data', '![x](data:image/svg+xml;base64,PHN2Zy8+) after'],
    ['an image by reference', '![x][y] after\n\n[y]: https://example.com/pixel.png'],
    ['a link that runs', '[click](javascript:alert(1)) after'],
    ['a link that runs, disguised', '[click](java&#x0A;script:alert(1)) after'],
    ['a link to data', '[click](data:text/html,<script>alert(1)</script>) after'],
    ['a plain link', '[click](https://example.com) after'],
    ['an address', 'https://example.com www.example.com someone@example.com after'],
    ['an address in brackets', '<https://example.com> after'],
    ['a comment', 'before <!-- hidden --> after'],
    ['a frame', '<iframe srcdoc="<script>alert(1)</script>"></iframe> after'],
    ['a form', '<form action="https://example.com"><input name="key"></form> after'],
    ['a style', '<style>body { display: none }</style>\n\nafter'],
    ['a footnote', 'see[^1] after\n\n[^1]: <img src=x onerror=alert(1)> [x](javascript:alert(1))'],
    ['a task', '- [x] done after'],
  ])('makes nothing of %s that runs, loads or leads elsewhere', (_, text) => {
    const page = shown(text)
    expect([...page.querySelectorAll(DANGEROUS)].map(({ outerHTML }) => outerHTML)).toEqual([])
    const attributes = [...page.querySelectorAll('*')].flatMap(({ attributes: all }) => [...all])
    expect(attributes.filter(({ name }) => name.startsWith('on') || name === 'src')).toEqual([])
    expect(page.textContent).toContain('after')
  })

  it('shows where a link leads, and what an image is of', () => {
    expect(shown('[the manual](https://example.com/a)').textContent).toBe(
      'the manual (https://example.com/a)',
    )
    expect(shown('![a cat](https://example.com/cat.png)').textContent).toBe('[image: a cat]')
    expect(shown('[x](javascript:alert(1))').textContent).toBe('x (javascript:alert(1))')
  })

  it('swallows nothing: HTML is shown as it was written', () => {
    expect(shown('<div>said</div> after').textContent).toBe('<div>said</div> after')
    expect(shown('a <!-- aside --> b').textContent).toBe('a <!-- aside --> b')
    expect(shown('```html\n<script>alert(1)</script>\n```').querySelector('code')?.textContent).toBe(
      '<script>alert(1)</script>\n',
    )
  })

  it('sets out lists, tables, and headings below those of the page', () => {
    const page = shown('# Title\n\n- one\n- two\n\n| a | b |\n| - | - |\n| 1 | 2 |')
    expect(page.querySelectorAll('li')).toHaveLength(2)
    expect(page.querySelectorAll('td')).toHaveLength(2)
    expect(page.querySelector('h1, h2, h3')).toBeNull()
    expect(page.querySelector('h4')?.textContent).toBe('Title')
  })
})
