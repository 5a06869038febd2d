/** An architecture of the catalogue whose written file llama.cpp does not take. */
export interface UnloadableArchitecture {
  /** `general.architecture`. */
  readonly architecture: string
  /** One sentence for people. */
  readonly reason: string
}

/**
 * Architectures of the catalogue that the bundled llama.cpp cannot load, by name. Checked by a test that loads one model
 * of every architecture: empty means that all of them load.
 */
export const UNLOADABLE_ARCHITECTURES: readonly UnloadableArchitecture[] = []
