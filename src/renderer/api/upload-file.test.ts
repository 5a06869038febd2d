import { describe, expect, it } from 'vitest'
import { toFailure } from './failure.ts'
import { refusal } from './upload-file.ts'

describe('an upload that was not taken', () => {
  it('says what the host said', () => {
    const answer = { code: 'DISK_FULL', message: 'The disk is full.', nextStep: 'Free some space.' }
    expect(toFailure(refusal(507, JSON.stringify(answer)))).toMatchObject({
      kind: 'failed',
      message: 'The disk is full.',
      nextStep: 'Free some space.',
    })
  })

  it.each(['<html>Bad gateway</html>', '"text"', '{"message":1}', ''])(
    'says its status where the answer is %s',
    (text) => {
      expect(toFailure(refusal(502, text))).toMatchObject({
        kind: 'failed',
        message: 'The upload was answered with status 502.',
        nextStep: null,
      })
    },
  )

  it('of a page that may not ask is told as that', () => {
    expect(toFailure(refusal(403, 'This address has expired.')).kind).toBe('refused')
  })
})
