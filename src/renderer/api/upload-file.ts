import type { UploadFile } from '../stores/adding-store.ts'

/** Where the web host takes files; the desktop window never needs it, since it knows where files lie. */
const UPLOAD_PATH = '/upload'

/**
 * Sends a file to the web host that served this page. By XMLHttpRequest, because a browser tells only there how much of a
 * body has been sent. The header keeps other sites out: it cannot be sent across origins without being asked for.
 */
export const uploadFile: UploadFile = ({ file, onFraction, signal }) =>
  new Promise((resolve, reject) => {
    const request = new XMLHttpRequest()
    request.open('PUT', `${UPLOAD_PATH}?${new URLSearchParams({ name: file.name }).toString()}`)
    request.setRequestHeader('x-inhouse-upload', '1')
    request.setRequestHeader('content-type', 'application/octet-stream')
    request.upload.addEventListener('progress', ({ loaded, total }) =>
      onFraction(total === 0 ? 0 : loaded / total),
    )
    request.addEventListener('load', () => {
      if (request.status === 200) resolve()
      else reject(refusal(request.status, request.responseText))
    })
    request.addEventListener('error', () => reject(new TypeError('The connection to Inhouse was lost.')))
    request.addEventListener('abort', () => reject(new DOMException('Cancelled.', 'AbortError')))
    signal.addEventListener('abort', () => request.abort(), { once: true })
    request.send(file)
  })

/** What the host answered instead of a path, in the form that failures of calls have. */
export function refusal(status: number, text: string): Error {
  const { message, nextStep } = parsed(text)
  const error = new Error(message ?? `The upload was answered with status ${status}.`)
  return Object.assign(error, { status, data: { nextStep } })
}

function parsed(text: string): { readonly message?: string; readonly nextStep?: string } {
  try {
    const value: unknown = JSON.parse(text)
    if (typeof value !== 'object' || value === null) return {}
    const { message, nextStep } = value as { readonly message?: unknown; readonly nextStep?: unknown }
    return {
      ...(typeof message === 'string' ? { message } : {}),
      ...(typeof nextStep === 'string' ? { nextStep } : {}),
    }
  } catch {
    return {}
  }
}
