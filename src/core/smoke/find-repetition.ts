/** A text is shown to go round in circles by one of these. */
export interface Repetition {
  readonly kind: 'loop' | 'few-phrases'
  /** What comes again and again. */
  readonly unit: string
  readonly times: number
}

/** Loops of sentences are longer than this, and are found by their phrases. */
const LONGEST_UNIT_CHARACTERS = 300
/** Lists, verses and emphasis ("no, no, no") repeat themselves less than this. */
const LEAST_TIMES = 5
const LEAST_LOOP_CHARACTERS = 60
/** Rules of tables and dividers are long and harmless; a broken model prints signs without end. */
const LEAST_SIGN_LOOP_CHARACTERS = 300

const PHRASE_WORDS = 4
const LEAST_WORDS = 80
const PHRASE_CHARACTERS = 12
const LEAST_CHARACTERS = 400
/** Share of phrases that are new. English stories of a hundred words have above 0.95, loops below 0.3. */
const LEAST_NEW_PHRASES = 0.5

/** Finds what a text says again and again; null where it does not. */
export function findRepetition(text: string): Repetition | null {
  const plain = text.replaceAll(/\s+/g, ' ').trim()
  return findLoop(plain) ?? findFewWords(plain) ?? findFewPieces(plain)
}

/** The same characters one after the other, however long the piece is that comes back. */
function findLoop(text: string): Repetition | null {
  for (let unit = 1; unit <= Math.min(LONGEST_UNIT_CHARACTERS, text.length / LEAST_TIMES); unit++) {
    let run = 0
    for (let index = unit; index < text.length; index++) {
      run = text[index] === text[index - unit] ? run + 1 : 0
      const length = run + unit
      if (run === 0 || length < unit * LEAST_TIMES) continue
      const said = text.slice(index - unit + 1, index + 1)
      const least = /[\p{L}\p{N}]/u.test(said) ? LEAST_LOOP_CHARACTERS : LEAST_SIGN_LOOP_CHARACTERS
      if (length >= least) return { kind: 'loop', unit: said, times: Math.floor(length / unit) }
    }
  }
  return null
}

/** Long loops, and loops in which a word or a number changes: "Day 1 … Day 2 …". */
function findFewWords(text: string): Repetition | null {
  const words = text.toLowerCase().replaceAll(/\d+/g, '0').split(' ')
  return words.length < LEAST_WORDS ? null : findFewPhrases(words, { length: PHRASE_WORDS, glue: ' ' })
}

/** The same in text without spaces: scripts that have none, and signs at random. */
function findFewPieces(text: string): Repetition | null {
  const characters = Array.from(text)
  if (characters.length < LEAST_CHARACTERS) return null
  return findFewPhrases(characters, { length: PHRASE_CHARACTERS, glue: '' })
}

function findFewPhrases(
  parts: readonly string[],
  { glue, length }: { readonly length: number; readonly glue: string },
): Repetition | null {
  const counts = new Map<string, number>()
  for (let index = 0; index + length <= parts.length; index++) {
    const phrase = parts.slice(index, index + length).join(glue)
    counts.set(phrase, (counts.get(phrase) ?? 0) + 1)
  }
  if (counts.size / (parts.length - length + 1) >= LEAST_NEW_PHRASES) return null
  const [unit, times] = [...counts].reduce((most, each) => (each[1] > most[1] ? each : most))
  return { kind: 'few-phrases', unit, times }
}
