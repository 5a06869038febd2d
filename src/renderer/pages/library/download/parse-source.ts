/** What was typed into the download box. */
export type Source =
  | { readonly kind: 'repository'; readonly repository: string; readonly revision: string | null }
  /** Perhaps the name of a model. */
  | { readonly kind: 'name'; readonly text: string }
  | {
      readonly kind: 'problem'
      readonly problem: 'empty' | 'foreign' | 'no-repository'
      readonly host: string
    }

const HUB_HOSTS: readonly string[] = ['huggingface.co', 'www.huggingface.co', 'hf.co']
const REPOSITORY = /^[\w.-]{1,96}\/[\w.-]{1,96}$/
const REVISION = /^[\w./-]{1,200}$/
/** Parts of the hub that are no models, and words after which a branch, tag or commit follows. */
const OTHER_PARTS: readonly string[] = ['datasets', 'spaces', 'docs', 'blog', 'collections', 'papers']
const REVISION_AFTER: readonly string[] = ['tree', 'blob', 'resolve', 'raw', 'commit']

/**
 * Reads `hf:org/name`, `org/name`, `org/name@revision`, `hf.co/org/name:Q4_K_M` (as Ollama writes it) or an address of the
 * hub or its mirror; everything else may be a model's name.
 */
export function parseSource(typed: string, mirror: string | null): Source {
  const text = typed.trim().replace(/^hf:(\/\/)?/i, '')
  if (text === '') return { kind: 'problem', problem: 'empty', host: '' }
  if (/^https?:\/\//i.test(text)) return parseAddress(text, mirror)
  if (/^(www\.)?(huggingface|hf)\.co\//i.test(text)) return parseAddress(`https://${text}`, mirror)
  const [name = '', revision = null] = text.split('@', 2)
  return REPOSITORY.test(name) && (revision === null || REVISION.test(revision))
    ? { kind: 'repository', repository: name, revision }
    : { kind: 'name', text }
}

function parseAddress(text: string, mirror: string | null): Source {
  if (!URL.canParse(text)) return { kind: 'problem', problem: 'no-repository', host: '' }
  const address = new URL(text)
  const base = mirror !== null && URL.canParse(mirror) ? new URL(mirror) : null
  const isMirror = base !== null && base.host === address.host
  if (!isMirror && !HUB_HOSTS.includes(address.host.toLowerCase())) {
    return { kind: 'problem', problem: 'foreign', host: address.host }
  }
  // A mirror may answer below a path of its own.
  const prefix = isMirror ? base.pathname.replace(/\/$/, '') : ''
  const path = address.pathname.startsWith(`${prefix}/`)
    ? address.pathname.slice(prefix.length)
    : address.pathname
  const [organisation = '', rawName = '', word = '', revision = ''] = path.split('/').filter(Boolean)
  const repository = `${organisation}/${rawName.replace(/:[\w.-]*$/, '')}`
  if (OTHER_PARTS.includes(organisation) || !REPOSITORY.test(repository)) {
    return { kind: 'problem', problem: 'no-repository', host: address.host }
  }
  const isRevision = REVISION_AFTER.includes(word) && REVISION.test(revision)
  return { kind: 'repository', repository, revision: isRevision && revision !== 'main' ? revision : null }
}
