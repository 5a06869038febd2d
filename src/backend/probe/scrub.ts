/** Who must not be recognizable in what is handed on. */
export interface Identity {
  readonly userName: string
  readonly hostName: string
  readonly homeFolder: string
}

/** Names every machine has say nothing about a person, and replacing them would break the text. */
const EVERYBODY = new Set([
  'root',
  'user',
  'admin',
  'administrator',
  'node',
  'ubuntu',
  'localhost',
  'vm',
  'linux',
])

function escaped(text: string): string {
  return text.replace(/[.*+?^${}()|[\]\\]/g, '\\$&')
}

function nameRule(name: string, replacement: string): readonly (readonly [RegExp, string])[] {
  const short = name.trim()
  if (short.length < 2 || EVERYBODY.has(short.toLowerCase())) return []
  return [[new RegExp(`(?<![A-Za-z0-9])${escaped(short)}(?![A-Za-z0-9])`, 'gi'), replacement]]
}

const OCTET = '(?:25[0-5]|2[0-4]\\d|1?\\d?\\d)'

/** Most specific first; a driver version has more than 255 somewhere and is no address. */
const RULES: readonly (readonly [RegExp, string])[] = [
  [
    /("(?:[A-Za-z]*serial[A-Za-z_]*|[A-Za-z]*uuid|identifyingnumber|fqdn|hostname|asset_?tag)"\s*:\s*)"[^"]*"/gi,
    '$1"<removed>"',
  ],
  [
    /(\\"(?:[A-Za-z]*serial[A-Za-z_]*|[A-Za-z]*uuid|fqdn|hostname)\\"\s*:\s*)\\"[^"\\]*\\"/gi,
    '$1\\"<removed>\\"',
  ],
  [
    /^([ \t]*(?:Board |System |Chassis )?(?:Serial(?: Number)?|Asset Tag|GPU UUID|UUID|Host Name|Computer Name|Hardware UUID|Provisioning UDID)[ \t]*[:=][ \t]*)\S.*$/gim,
    '$1<removed>',
  ],
  [/\b(?:GPU|MIG)-[0-9a-f]{8}-[0-9a-f-]{27,}\b/gi, '<uuid>'],
  [/\b[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}\b/gi, '<uuid>'],
  [/\b[0-9a-f]{32}(?:[0-9a-f]{8}|[0-9a-f]{32})?\b/gi, '<id>'],
  [/\b(?:[0-9a-f]{2}[:-]){5}[0-9a-f]{2}\b/gi, '<mac>'],
  [/(?<![0-9a-f:])(?:[0-9a-f]{1,4}:){7}[0-9a-f]{1,4}(?![0-9a-f:])/gi, '<ip>'],
  [/(?<![0-9a-f:])(?:[0-9a-f]{1,4}:){1,6}(?::[0-9a-f]{1,4}){1,6}(?![0-9a-f:])/gi, '<ip>'],
  [new RegExp(`(?<![\\d.])(?:${OCTET}\\.){3}${OCTET}(?![\\d.])`, 'g'), '<ip>'],
  [/([/\\](?:home|Users)[/\\]+)[^/\\\s"':]+/g, '$1<user>'],
  [/\b[\w.+-]+@[\w-]+\.[\w.-]+\b/g, '<mail>'],
]

/**
 * Removes what tells one person or one specimen from another: serial numbers, UUIDs, container and machine ids, MAC
 * and IP addresses, user, host and home names. What tells one kind of machine from another stays.
 */
export function scrub(text: string, identity: Identity): string {
  const own = [
    ...nameRule(identity.homeFolder, '<home>'),
    ...nameRule(identity.hostName, '<host>'),
    ...nameRule(identity.userName, '<user>'),
  ]
  return [...own, ...RULES].reduce(
    (result, [pattern, replacement]) => result.replace(pattern, replacement),
    text,
  )
}
