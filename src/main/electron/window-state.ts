import path from 'node:path'
import type { Rectangle } from 'electron'
import * as z from 'zod'
import { readJsonFile, writeJsonFile } from '#backend/store/json-file.ts'

/** Where the window was; a position only if it is known. */
export interface WindowState {
  readonly bounds: {
    readonly width: number
    readonly height: number
    readonly x?: number
    readonly y?: number
  }
  readonly maximized: boolean
}

/** Room for the page beside its navigation on the smallest common laptop screen. */
const DEFAULT_STATE: WindowState = { bounds: { width: 1280, height: 840 }, maximized: false }

/** How much of a remembered window must still be on a screen for a person to get hold of it. */
const GRIP_PIXELS = 100

const pixels = z.number().int()
const storedState = z.object({
  bounds: z.object({ width: pixels.positive(), height: pixels.positive(), x: pixels, y: pixels }),
  maximized: z.boolean(),
})

/** The window as it was left, unless the screen it was on is gone. */
export async function readWindowState(
  userFolder: string,
  screens: readonly Rectangle[],
): Promise<WindowState> {
  const stored = storedState.safeParse(await readJsonFile(stateFile(userFolder)))
  if (!stored.success) return DEFAULT_STATE
  const { bounds, maximized } = stored.data
  if (screens.some((screen) => canBeGripped(bounds, screen))) return { bounds, maximized }
  return { bounds: { width: bounds.width, height: bounds.height }, maximized }
}

export async function writeWindowState(
  userFolder: string,
  bounds: Rectangle,
  maximized: boolean,
): Promise<void> {
  await writeJsonFile(stateFile(userFolder), { bounds, maximized })
}

function stateFile(userFolder: string): string {
  return path.join(userFolder, 'window.json')
}

function canBeGripped(window: Rectangle, screen: Rectangle): boolean {
  const overlapX = Math.min(window.x + window.width, screen.x + screen.width) - Math.max(window.x, screen.x)
  const top = window.y >= screen.y && window.y <= screen.y + screen.height - GRIP_PIXELS
  return overlapX >= GRIP_PIXELS && top
}
