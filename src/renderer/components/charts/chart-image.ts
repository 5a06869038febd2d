import { saveFile } from '../../app/save-file.ts'

/** What became of a picture: in the clipboard, or saved as a file where the clipboard takes no pictures. */
export type ImageOutcome = 'copied' | 'saved'

/** Copies a drawn chart as PNG; a page without clipboard rights (plain http on a server) saves the file instead. */
export async function copyChartImage(canvas: HTMLCanvasElement, fileName: string): Promise<ImageOutcome> {
  const png = await pngOf(canvas)
  if (await putIntoClipboard(png)) return 'copied'
  saveFile(png, fileName)
  return 'saved'
}

function pngOf(canvas: HTMLCanvasElement): Promise<Blob> {
  return new Promise((resolve, reject) => {
    canvas.toBlob((blob) => {
      if (blob === null) reject(new Error('The browser could not draw the chart as a picture.'))
      else resolve(blob)
    }, 'image/png')
  })
}

async function putIntoClipboard(png: Blob): Promise<boolean> {
  if (!('ClipboardItem' in globalThis) || navigator.clipboard?.write === undefined) return false
  try {
    await navigator.clipboard.write([new ClipboardItem({ 'image/png': png })])
    return true
  } catch (error) {
    // Refused by permission or by lack of focus: both are DOMExceptions, and both have the file as the way out.
    if (error instanceof DOMException) return false
    throw error
  }
}
