import http from 'node:http'
import https from 'node:https'
import { InhouseError } from '#contract/inhouse-error.ts'

/** What connections are made with. */
export interface Agents {
  readonly http: http.Agent
  readonly https: https.Agent
  /** Of a proxy that is asked for by the environment and cannot be used; null where all is well. */
  readonly unusedProxy: string | null
  close(): void
}

/** http.Agent's `proxyEnv`: Node 24.5, by its documentation. */
const PROXY_SINCE = [24, 5] as const

/**
 * Connections through the proxy of the settings, else through the one HTTPS_PROXY and HTTP_PROXY name; NO_PROXY counts
 * for both. Node itself speaks to the proxy. Older ones cannot: a proxy of the settings is then refused, one of the
 * environment is left out and named if the connection fails.
 */
export function openAgents(
  proxy: string | null,
  environment: NodeJS.ProcessEnv,
  nodeVersion: string = process.versions.node,
): Agents {
  const wanted = proxyEnvironment(proxy, environment)
  const canProxy = isAtLeast(nodeVersion, PROXY_SINCE)
  if (proxy !== null && !canProxy) throw tooOld(nodeVersion)
  const options = { keepAlive: true, ...(wanted !== null && canProxy ? { proxyEnv: wanted } : {}) }
  const agents = { http: new http.Agent(options), https: new https.Agent(options) }
  return {
    ...agents,
    unusedProxy:
      wanted === null || canProxy
        ? null
        : `HTTPS_PROXY is set, but Node ${nodeVersion} cannot use it: run Inhouse with Node ${PROXY_SINCE.join('.')} or newer.`,
    close() {
      agents.http.destroy()
      agents.https.destroy()
    },
  }
}

function proxyEnvironment(proxy: string | null, environment: NodeJS.ProcessEnv) {
  const read = (name: string) => environment[name.toLowerCase()] || environment[name] || undefined
  const exceptions = read('NO_PROXY')
  const [plain, secure] = [proxy ?? read('HTTP_PROXY'), proxy ?? read('HTTPS_PROXY')]
  if (plain === undefined && secure === undefined) return null
  return {
    ...(plain === undefined ? {} : { HTTP_PROXY: plain }),
    ...(secure === undefined ? {} : { HTTPS_PROXY: secure }),
    ...(exceptions === undefined ? {} : { NO_PROXY: exceptions }),
  }
}

function isAtLeast(version: string, [major, minor]: readonly [number, number]): boolean {
  const [isMajor = 0, isMinor = 0] = version.split('.').map(Number)
  return isMajor > major || (isMajor === major && isMinor >= minor)
}

function tooOld(nodeVersion: string): InhouseError {
  return new InhouseError({
    code: 'NETWORK_FAILED',
    message: `A proxy is set for downloads, but Node ${nodeVersion} cannot use one.`,
    nextStep: `Run Inhouse with Node ${PROXY_SINCE.join('.')} or newer, or remove the proxy from the settings.`,
  })
}
