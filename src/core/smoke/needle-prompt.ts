/** What is to be found: four digits that stand nowhere else. */
export const NEEDLE = '7291'

const THINGS = [
  'chair',
  'lamp',
  'carpet',
  'basket',
  'mirror',
  'clock',
  'vase',
  'drawer',
  'curtain',
  'stool',
  'bench',
]
const COLORS = ['green', 'brown', 'white', 'grey', 'yellow', 'red', 'black']
const PLACES = [
  'the kitchen',
  'the hall',
  'the window',
  'the stairs',
  'the fireplace',
  'the garden door',
  'the library',
  'the old piano',
  'the cellar',
  'the balcony',
  'the pantry',
  'the workshop',
  'the attic',
]
const VERBS = ['stands near', 'was moved to', 'belongs to', 'is often seen in', 'came from']

/** Sentences like these take eight to eleven tokens in vocabularies of today. */
const SENTENCE_TOKENS = 9
/** Not at the edges, which are the easy places. */
const NEEDLE_PLACE = 0.4

/** A description of a house of about so many tokens, with one number in it, and the question for that number. */
export function needlePrompt(tokens: number): string {
  const count = Math.max(1, Math.floor(tokens / SENTENCE_TOKENS))
  // Four lists of coprime lengths: the first sentence comes back only after 5,005 others.
  const sentences = Array.from(
    { length: count },
    (_, index) => `The ${COLORS[index % 7]} ${THINGS[index % 11]} ${VERBS[index % 5]} ${PLACES[index % 13]}.`,
  )
  const text = sentences
    .toSpliced(Math.floor(count * NEEDLE_PLACE), 0, `The code of the blue locker is ${NEEDLE}.`)
    .join(' ')
  return `Read this description of a house.\n\n${text}\n\nWhat is the code of the blue locker? Answer with the code only.`
}
