import type { Basis } from '#core/figure/figure.ts'

/** Outlines of the four marks in a square of eight: ● measured, ◆ simulated, ○ estimated, ▫ published. */
const OUTLINES: Readonly<Record<Basis, { readonly path: string; readonly filled: boolean }>> = {
  measured: { path: 'M4 0.8a3.2 3.2 0 1 1 0 6.4a3.2 3.2 0 1 1 0-6.4z', filled: true },
  simulated: { path: 'M4 0.4L7.6 4L4 7.6L0.4 4z', filled: true },
  estimated: { path: 'M4 1a3 3 0 1 1 0 6a3 3 0 1 1 0-6z', filled: false },
  published: { path: 'M1.4 1.4h5.2v5.2h-5.2z', filled: false },
}

/** How a number is known, as a small shape; drawn, because fonts disagree about the characters. */
export function BasisMark({ basis }: { readonly basis: Basis }) {
  const { path, filled } = OUTLINES[basis]
  return (
    <svg width="8" height="8" viewBox="0 0 8 8" aria-hidden="true" data-basis={basis}>
      <path d={path} fill={filled ? 'currentColor' : 'none'} stroke="currentColor" strokeWidth="1" />
    </svg>
  )
}
