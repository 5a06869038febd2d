import { Button } from '@mantine/core'
import { memo, useRef, useState } from 'react'
import type { ReactNode } from 'react'
import { useTranslation } from 'react-i18next'
import ReactMarkdown, { type Components } from 'react-markdown'
import remarkGfm from 'remark-gfm'
import classes from './markdown.module.css'

/**
 * What a model says, as Markdown: HTML stays text, no images and nothing that can be clicked. A model may have read hostile text,
 * so an address is shown for the reader to judge and not to be followed by one slip of the hand.
 */
export const Markdown = memo(function Markdown({ text }: { readonly text: string }) {
  return (
    <div className={classes.markdown}>
      <ReactMarkdown remarkPlugins={PLUGINS} components={COMPONENTS} urlTransform={asWritten}>
        {text}
      </ReactMarkdown>
    </div>
  )
})

const PLUGINS = [remarkGfm]

const COMPONENTS: Components = {
  a: ({ href, children }) => (
    <span className={classes.link}>
      {children}
      <span className={classes.address}> ({href})</span>
    </span>
  ),
  img: ({ alt }) => <Image alt={alt ?? ''} />,
  pre: ({ children }) => <CodeBlock>{children}</CodeBlock>,
  table: ({ children }) => (
    <div className={classes.wide} tabIndex={0}>
      <table>{children}</table>
    </div>
  ),
  // Headings of an answer are below those of the page.
  h1: ({ children }) => <h4>{children}</h4>,
  h2: ({ children }) => <h4>{children}</h4>,
  h3: ({ children }) => <h5>{children}</h5>,
  input: ({ checked }) => <span>{checked === true ? '☑ ' : '☐ '}</span>,
}

/** Nothing is followed, so nothing has to be hidden. */
function asWritten(url: string): string {
  return url
}

function Image({ alt }: { readonly alt: string }) {
  const { t } = useTranslation()
  return <span className={classes.image}>{t('smoke.image', { alt })}</span>
}

const SAID_MILLISECONDS = 2000

function CodeBlock({ children }: { readonly children: ReactNode }) {
  const { t } = useTranslation()
  const block = useRef<HTMLPreElement>(null)
  const [isCopied, setIsCopied] = useState(false)
  async function copy(): Promise<void> {
    await navigator.clipboard.writeText(block.current?.textContent ?? '')
    setIsCopied(true)
    setTimeout(() => setIsCopied(false), SAID_MILLISECONDS)
  }
  return (
    <div className={classes.code}>
      <pre ref={block} tabIndex={0}>
        {children}
      </pre>
      <Button
        size="compact-xs"
        variant="default"
        className={classes.copy}
        onClick={() => void copy().catch(() => undefined)}
      >
        {isCopied ? t('frame.copied') : t('smoke.copyCode')}
      </Button>
    </div>
  )
}
