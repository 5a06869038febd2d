/** Control characters, what turns the direction of text, and what Windows forbids or gives another meaning. */
// oxlint-disable-next-line no-control-regex -- finding them is the point
const FORBIDDEN = /[\u0000-\u001f\u007f-\u009f\u200e\u200f\u202a-\u202e\u2066-\u2069<>:"|?*\\\p{Surrogate}]/u
/** Devices of Windows, whatever follows the first dot. */
const RESERVED = /^(?:con|prn|aux|nul|com[0-9¹²³]|lpt[0-9¹²³])(?:\.|$)/i
/** File systems take 255 bytes; `.part.json.<uuid>.tmp` is put behind the name. */
const LONGEST_SEGMENT_BYTES = 200
const LONGEST_BYTES = 500

/** Whether a path from the hub (`folder/model.gguf`) names a file inside the folder it is put in, on every system. */
export function isSafeName(name: string): boolean {
  return Buffer.byteLength(name) <= LONGEST_BYTES && name.split('/').every(isSafeSegment)
}

function isSafeSegment(segment: string): boolean {
  return (
    segment !== '' &&
    segment !== '.' &&
    segment !== '..' &&
    Buffer.byteLength(segment) <= LONGEST_SEGMENT_BYTES &&
    !FORBIDDEN.test(segment) &&
    !RESERVED.test(segment) &&
    !/^ |[. ]$/.test(segment)
  )
}
