import type { DesktopBridge } from '#contract/desktop-port.ts'

declare global {
  interface Window {
    /** Only inside the desktop window. */
    readonly inhouse?: DesktopBridge<File>
  }
}

/** Where a file lies that was dropped or chosen; null in a browser, which does not tell. */
export function pathOfFile(file: File): string | null {
  const path = window.inhouse?.pathForFile(file) ?? ''
  return path === '' ? null : path
}
