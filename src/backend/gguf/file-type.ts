import { uint32, type MetadataEntry } from '#backend/gguf/metadata-entry.ts'
import { FILE_TYPES } from '#core/quant/file-types.ts'
import { isRecipe } from '#core/quant/recipe-id.ts'
import type { Quantization } from '#core/quant/quantization.ts'

/** Version of the block layouts (`GGML_QNT_VERSION`, ggml.h). */
const QUANTIZATION_VERSION = 2

/** What the header says about the quantization; no file type for a publisher's mix, llama.cpp then guesses one. */
export function fileTypeMetadata(quantization: Quantization): readonly MetadataEntry[] {
  const version = uint32('general.quantization_version', QUANTIZATION_VERSION)
  if (!isRecipe(quantization.id)) return [version]
  return [version, uint32('general.file_type', FILE_TYPES[quantization.id])]
}
