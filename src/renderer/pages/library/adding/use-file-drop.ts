import { useEffect, useState } from 'react'

/**
 * Takes files that are dropped anywhere on the window while the page is shown; left alone, the browser would leave the app
 * and open the file. Answers whether files are being dragged over it.
 */
export function useFileDrop(onFiles: (files: readonly File[]) => void): boolean {
  const [isOver, setIsOver] = useState(false)
  useEffect(() => {
    function over(event: DragEvent): void {
      if (!holdsFiles(event)) return
      event.preventDefault()
      setIsOver(true)
    }
    function leave(event: DragEvent): void {
      // Leaving the window has nowhere it goes to; moving between elements has.
      if (event.relatedTarget === null) setIsOver(false)
    }
    function drop(event: DragEvent): void {
      if (!holdsFiles(event)) return
      event.preventDefault()
      setIsOver(false)
      const files = [...(event.dataTransfer?.files ?? [])]
      if (files.length > 0) onFiles(files)
    }
    window.addEventListener('dragover', over)
    window.addEventListener('dragleave', leave)
    window.addEventListener('drop', drop)
    return () => {
      window.removeEventListener('dragover', over)
      window.removeEventListener('dragleave', leave)
      window.removeEventListener('drop', drop)
    }
  }, [onFiles])
  return isOver
}

function holdsFiles(event: DragEvent): boolean {
  return event.dataTransfer?.types.includes('Files') ?? false
}
