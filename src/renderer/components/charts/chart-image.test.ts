import { afterEach, describe, expect, it, vi } from 'vitest'
import { copyChartImage } from './chart-image.ts'

/** A canvas as a browser has it; jsdom cannot draw. */
function canvasWith(blob: Blob | null): HTMLCanvasElement {
  const canvas = document.createElement('canvas')
  canvas.toBlob = (done) => done(blob)
  return canvas
}

const png = new Blob(['png'], { type: 'image/png' })

/** Records what was saved; jsdom follows no download. */
function watchDownloads(): readonly string[] {
  const saved: string[] = []
  vi.stubGlobal(
    'URL',
    Object.assign(URL, { createObjectURL: () => 'blob:x', revokeObjectURL: () => undefined }),
  )
  vi.spyOn(HTMLAnchorElement.prototype, 'click').mockImplementation(function (this: HTMLAnchorElement) {
    saved.push(this.download)
  })
  return saved
}

function clipboardThat(write: () => Promise<void>): void {
  vi.stubGlobal('ClipboardItem', class {})
  vi.stubGlobal('navigator', { clipboard: { write } })
}

afterEach(() => {
  vi.unstubAllGlobals()
  vi.restoreAllMocks()
})

describe('copyChartImage', () => {
  it('puts the picture into the clipboard', async () => {
    const saved = watchDownloads()
    clipboardThat(() => Promise.resolve())
    expect(await copyChartImage(canvasWith(png), 'chart.png')).toBe('copied')
    expect(saved).toEqual([])
  })

  it('saves a file where the browser refuses, or has no clipboard', async () => {
    const saved = watchDownloads()
    clipboardThat(() => Promise.reject(new DOMException('no focus', 'NotAllowedError')))
    expect(await copyChartImage(canvasWith(png), 'refused.png')).toBe('saved')
    vi.stubGlobal('navigator', {})
    expect(await copyChartImage(canvasWith(png), 'without.png')).toBe('saved')
    expect(saved).toEqual(['refused.png', 'without.png'])
  })

  it('says so when the chart cannot be drawn as a picture', async () => {
    await expect(copyChartImage(canvasWith(null), 'x.png')).rejects.toThrow('could not draw')
  })
})
