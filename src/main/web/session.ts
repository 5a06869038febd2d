import { randomBytes, timingSafeEqual } from 'node:crypto'

/**
 * Who may ask. The token stands in the printed address, so it ends in a browser's history and in terminals' scroll-back;
 * what lets requests in is a second secret that only the browser's cookie jar holds.
 */
export interface Session {
  readonly token: string
  /** `Set-Cookie` that lets a browser in. */
  readonly cookie: string
  isToken(candidate: string): boolean
  isLetIn(cookieHeader: string | undefined): boolean
}

/** A session of one run of the host. Cookies do not tell ports apart, so the name carries the port. */
export function createSession(port: number): Session {
  const name = `inhouse-${port}`
  const token = secret()
  const key = secret()
  return {
    token,
    cookie: `${name}=${key}; Path=/; HttpOnly; SameSite=Strict`,
    isToken: (candidate) => sameText(candidate, token),
    isLetIn: (header) => cookieValues(header, name).some((value) => sameText(value, key)),
  }
}

/** 192 random bits, safe in addresses and cookies. */
function secret(): string {
  return randomBytes(24).toString('base64url')
}

function cookieValues(header: string | undefined, name: string): string[] {
  return (header ?? '')
    .split(';')
    .map((part) => part.trim())
    .filter((part) => part.startsWith(`${name}=`))
    .map((part) => part.slice(name.length + 1))
}

/** Compares in the same time wherever the first difference is. */
function sameText(a: string, b: string): boolean {
  const [left, right] = [Buffer.from(a), Buffer.from(b)]
  return left.length === right.length && timingSafeEqual(left, right)
}
