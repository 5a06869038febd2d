import type { MenuItemConstructorOptions } from 'electron'

/** The standard menus only: their words come translated from the system. */
export function menuTemplate(platform: NodeJS.Platform): MenuItemConstructorOptions[] {
  const standard: MenuItemConstructorOptions[] = [
    { role: 'fileMenu' },
    { role: 'editMenu' },
    { role: 'viewMenu' },
    { role: 'windowMenu' },
  ]
  return platform === 'darwin' ? [{ role: 'appMenu' }, ...standard] : standard
}
