import { electronBinary, noWindowBecause } from './electron-binary.ts'

/** Says before the first test why the window's specs will be skipped, where they will. */
export default function announceHosts(): void {
  const electron = electronBinary()
  const reason = electron.kind === 'missing' ? electron.reason : noWindowBecause()
  if (reason !== null) console.log(`[desktop] every spec is listed and skipped: ${reason}.`)
}
