import { ORPCError } from '@orpc/client'
import { describe, expect, it } from 'vitest'
import { toFailure } from './failure.ts'

describe('failures of a call', () => {
  it('knows a backend that says what went wrong', () => {
    const error = new ORPCError('CATALOGUE_CORRUPT', {
      status: 500,
      message: 'models.json, line 3: not JSON',
      data: { nextStep: 'Install Inhouse again.' },
    })
    expect(toFailure(error)).toMatchObject({
      kind: 'failed',
      message: 'models.json, line 3: not JSON',
      nextStep: 'Install Inhouse again.',
    })
  })

  it('knows a page that may not ask', () => {
    expect(toFailure(new ORPCError('FORBIDDEN', { status: 403 })).kind).toBe('refused')
  })

  it('tells a backend that was refused elsewhere from a page that is', () => {
    const error = new ORPCError('ACCESS_DENIED', { status: 403, data: { nextStep: 'Ask for access.' } })
    expect(toFailure(error)).toMatchObject({ kind: 'failed', nextStep: 'Ask for access.' })
  })

  it.each([new TypeError('Failed to fetch'), new Error('port closed'), 'a string'])(
    'takes %s for a backend that is gone',
    (error) => {
      expect(toFailure(error).kind).toBe('gone')
    },
  )
})
