/**
 * Every way in which Inhouse itself can fail, by a code that never changes: scripts and tests compare codes,
 * people read messages. An outcome the user asked about ("does not fit") is a returned value, never an error.
 */
export type InhouseErrorCode =
  /** Options or arguments of a command that make no sense. */
  | 'BAD_USAGE'
  | 'UNKNOWN_MODEL'
  | 'UNKNOWN_ACCELERATOR'
  | 'UNKNOWN_QUANTIZATION'
  /** A saved machine, bundle or sample that cannot be read as one. */
  | 'MACHINE_FILE_INVALID'
  /** A shipped catalogue file is missing, or is not what its schema says. */
  | 'CATALOGUE_CORRUPT'
  /** The app's own folder or a file in it cannot be written. */
  | 'STORE_UNWRITABLE'
  | 'PORT_IN_USE'
  | 'ADDRESS_UNAVAILABLE'
  /** The built page is missing: a checkout that was not built, or a broken installation. */
  | 'RENDERER_MISSING'
  /** The machine has not been scanned yet, and what was asked needs a scan. */
  | 'NOT_SCANNED'
  /** node-llama-cpp, or its binary for this system, is not installed. */
  | 'ENGINE_MISSING'
  /** The process that runs models ended by itself. */
  | 'ENGINE_CRASHED'
  /** The process that runs models said nothing for too long and was ended. */
  | 'ENGINE_HUNG'
  /** llama.cpp refused the file: an architecture or a shape it does not know. */
  | 'MODEL_REJECTED'
  | 'OUT_OF_MEMORY'
  | 'DISK_FULL'
  /** A dry run would push the machine into swap, or has no room; it says what to change. */
  | 'MEASURE_REFUSED'
  /** One measurement at a time: two would disturb each other. */
  | 'MEASURE_BUSY'
  | 'MEASURE_CANCELLED'
  /** A quantization or a part of a model that no file can be written for. */
  | 'CANNOT_WRITE_MODEL'
  /** A file that is no GGUF file, is damaged, or is not what was asked for. */
  | 'FILE_INVALID'
  | 'FILE_NOT_FOUND'
  /** A model larger than the memory that is free; it may be forced. */
  | 'MODEL_TOO_LARGE'
  /** A session that is closed or was never opened. */
  | 'SESSION_GONE'
  /** Something about a conversation or its settings that cannot be answered. */
  | 'CHAT_REFUSED'
  /** The hub or an endpoint cannot be reached. */
  | 'NETWORK_FAILED'
  /** It answered, but not with what was asked; the message holds its status. */
  | 'SERVER_REFUSED'
  /** 401 or 403: a key or a token is missing, wrong, or not enough. */
  | 'ACCESS_DENIED'
  /** 429. */
  | 'RATE_LIMITED'
  /** The repository, file, model or page is not there. */
  | 'REMOTE_NOT_FOUND'
  /** What arrived is not what was announced: length or checksum. */
  | 'DOWNLOAD_CORRUPT'
  | 'DOWNLOAD_CANCELLED'
  /** A license that has to be accepted first. */
  | 'LICENSE_NOT_ACCEPTED'
  /** This host cannot keep secrets. */
  | 'CANNOT_STORE_SECRET'
  | 'UNKNOWN_ENDPOINT'
  | 'UNKNOWN_DOWNLOAD'
  | 'UNKNOWN_CONVERSATION'
  /** Everything else: a defect of Inhouse. */
  | 'UNEXPECTED'

/** What an `InhouseError` is made of. */
export interface InhouseErrorParts {
  readonly code: InhouseErrorCode
  /** One sentence for people: what happened, with names and places. */
  readonly message: string
  /** One sentence for people: what to do now. */
  readonly nextStep: string
  readonly cause?: unknown
}

/**
 * A failure translated at the border where it was met: a stable `code`, what happened, what to do next and the foreign
 * error as `cause`. A class, because it has to be thrown.
 */
export class InhouseError extends Error {
  readonly code: InhouseErrorCode
  readonly nextStep: string

  constructor(parts: InhouseErrorParts) {
    super(parts.message, parts.cause === undefined ? undefined : { cause: parts.cause })
    this.name = 'InhouseError'
    this.code = parts.code
    this.nextStep = parts.nextStep
  }
}
