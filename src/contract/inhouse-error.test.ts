import { expect, it } from 'vitest'
import { InhouseError } from '#contract/inhouse-error.ts'

it('carries what happened, what to do and what caused it', () => {
  const cause = new Error('EACCES')
  const error = new InhouseError({ code: 'STORE_UNWRITABLE', message: 'No.', nextStep: 'Do.', cause })
  expect(error).toMatchObject({
    name: 'InhouseError',
    code: 'STORE_UNWRITABLE',
    message: 'No.',
    nextStep: 'Do.',
    cause,
  })
  expect(error).toBeInstanceOf(Error)
  expect('cause' in new InhouseError({ code: 'UNEXPECTED', message: '', nextStep: '' })).toBe(false)
})
