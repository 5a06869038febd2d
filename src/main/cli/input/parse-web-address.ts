import { parsed, rejected, type ParsedInput } from './parsed-input.ts'

const LONGEST = 500

/** The address of a server: `https://mirror.example`, `http://127.0.0.1:3128`. */
export function parseWebAddress(text: string, what: string): ParsedInput<string> {
  const isAddress = text.length <= LONGEST && URL.canParse(text) && /^https?:$/.test(new URL(text).protocol)
  return isAddress ? parsed(text) : rejected(`${what} must be an address like https://example.org`)
}
