const OPENING = '<think>'
const CLOSING = '</think>'

type Piece = { readonly part: 'answer' | 'thought'; readonly text: string }

/** Tells a thought that a server left in the text, `<think>…</think>` before the answer, from the answer, piece by piece. */
export function splitThoughts(): { push(text: string): readonly Piece[]; end(): readonly Piece[] } {
  let place: 'start' | 'thought' | 'gap' | 'answer' = 'start'
  let held = ''
  const take = (isEnd: boolean): Piece[] => {
    const pieces: Piece[] = []
    if (place === 'start') {
      const begun = held.trimStart()
      if (!isEnd && OPENING.startsWith(begun.slice(0, OPENING.length)) && begun.length < OPENING.length)
        return []
      if (begun.startsWith(OPENING)) {
        place = 'thought'
        held = begun.slice(OPENING.length)
      } else place = 'answer'
    }
    if (place === 'thought') {
      const closing = held.indexOf(CLOSING)
      const end = closing >= 0 ? closing : held.length - (isEnd ? 0 : begunClosing(held))
      pieces.push({ part: 'thought', text: held.slice(0, end) })
      held = held.slice(closing >= 0 ? end + CLOSING.length : end)
      if (closing >= 0) place = 'gap'
    }
    if (place === 'gap') {
      held = held.trimStart()
      if (held !== '') place = 'answer'
    }
    if (place === 'answer') {
      pieces.push({ part: 'answer', text: held })
      held = ''
    }
    return pieces.filter(({ text }) => text !== '')
  }
  return {
    push(text) {
      held += text
      return take(false)
    },
    end: () => take(true),
  }
}

/** How much of the end may be the beginning of the closing mark. */
function begunClosing(text: string): number {
  for (let length = Math.min(CLOSING.length - 1, text.length); length > 0; length--) {
    if (CLOSING.startsWith(text.slice(-length))) return length
  }
  return 0
}
