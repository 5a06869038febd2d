import { useRef } from 'react'
import type { ReactNode } from 'react'
import { useTranslation } from 'react-i18next'
import { CommandPalette } from './command-palette.tsx'
import { FailureBanners } from './failure-banners.tsx'
import classes from './frame.module.css'
import { NeedsBar } from './needs-bar.tsx'
import { Rail } from './rail.tsx'
import { StatusLine } from './status-line.tsx'
import { usePageFocus } from './use-page-focus.ts'

/** What stands around every page: rail, needs bar, the page's one scroll area, status line. */
export function Frame({ children }: { readonly children: ReactNode }) {
  const { t } = useTranslation()
  const page = useRef<HTMLElement>(null)
  usePageFocus(page)
  return (
    <div className={classes.frame}>
      <a
        className={classes.skip}
        href="#page"
        onClick={(event) => {
          event.preventDefault()
          page.current?.focus()
        }}
      >
        {t('frame.skipToPage')}
      </a>
      <Rail />
      <div className={classes.column}>
        <NeedsBar />
        <FailureBanners />
        <main id="page" ref={page} tabIndex={-1} className={classes.page}>
          {children}
        </main>
        <StatusLine />
      </div>
      <CommandPalette />
    </div>
  )
}
