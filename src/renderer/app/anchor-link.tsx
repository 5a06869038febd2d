import type { ReactNode } from 'react'
import { Link } from 'wouter'
import { showSection } from './use-section-anchor.ts'

interface AnchorLinkProps {
  readonly path: string
  /** Id of the section on that page. */
  readonly anchor: string
  readonly children: ReactNode
}

/** A link to a section of a page; on that page already, it goes there. */
export function AnchorLink({ path, anchor, children }: AnchorLinkProps) {
  return (
    <Link href={`${path}#${anchor}`} onClick={() => showSection(anchor)}>
      {children}
    </Link>
  )
}
