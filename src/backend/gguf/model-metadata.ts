import { ggufName, layersOf } from '#backend/gguf/architecture-keys.ts'
import { attentionMetadata } from '#backend/gguf/attention-metadata.ts'
import { expertMetadata } from '#backend/gguf/expert-metadata.ts'
import { bool, float32, text, uint32, type MetadataEntry } from '#backend/gguf/metadata-entry.ts'
import { recurrentMetadata } from '#backend/gguf/recurrent-metadata.ts'
import {
  noVocabularyMetadata,
  vocabularyMetadata,
  type Vocabulary,
} from '#backend/gguf/vocabulary-metadata.ts'
import type { Architecture, Model } from '#core/model/model.ts'

/**
 * Constants that scale activations. Their values do not matter without weights, but a factor that is missing is an
 * operation that is missing: these are Granite 3.3 8B's and Command R's.
 */
function scales(prefix: string): readonly MetadataEntry[] {
  switch (prefix) {
    case 'granite':
    case 'granitehybrid':
      return [
        float32(`${prefix}.embedding_scale`, 12),
        float32(`${prefix}.residual_scale`, 0.22),
        float32(`${prefix}.attention.scale`, 0.0078125),
        float32(`${prefix}.logit_scale`, 16),
        // The hybrids have no positions at all; llama.cpp switches rotation by this key.
        ...(prefix === 'granitehybrid' ? [bool(`${prefix}.rope.scaling.finetuned`, false)] : []),
      ]
    case 'command-r':
    case 'cohere2':
      return [float32(`${prefix}.logit_scale`, 0.0625)]
    case 'mistral3':
      // Ministral 3 makes attention sharper beyond its first training length (conversion/mistral3.py).
      return [
        float32(`${prefix}.attention.temperature_scale`, 0.1),
        uint32(`${prefix}.rope.scaling.original_context_length`, 16_384),
      ]
    default:
      return []
  }
}

/** `enum llama_pooling_type`, llama.h: mean for Nomic, the first token for BGE. */
function encoder(architecture: Architecture, prefix: string): readonly MetadataEntry[] {
  if (architecture.tokenTypes === null) return []
  return [
    bool(`${prefix}.attention.causal`, false),
    uint32(`${prefix}.pooling_type`, prefix === 'nomic-bert' ? 1 : 2),
  ]
}

function sizes(architecture: Architecture, prefix: string): readonly MetadataEntry[] {
  const { contextTokens, hidden, perLayerEmbeddings, predictionLayers, vocabulary } = architecture
  // Gemma 4's loader asks for the length even where it is 0.
  const perLayer = perLayerEmbeddings?.dimension ?? (prefix === 'gemma4' ? 0 : null)
  return [
    uint32(`${prefix}.vocab_size`, vocabulary),
    uint32(`${prefix}.context_length`, contextTokens),
    uint32(`${prefix}.embedding_length`, hidden),
    uint32(`${prefix}.block_count`, layersOf(architecture).length),
    ...(predictionLayers === 0 ? [] : [uint32(`${prefix}.nextn_predict_layers`, predictionLayers)]),
    ...(perLayer === null ? [] : [uint32(`${prefix}.embedding_length_per_layer_input`, perLayer)]),
  ]
}

/**
 * What a GGUF header says about a model: everything llama.cpp's loader of its architecture asks for and everything its
 * allocation follows from (src/llama-model.cpp, src/models/*.cpp; values as conversion/*.py writes them). Both epsilons
 * are written, each loader reads its own. Bases and factors of rotation are left out: they change no size and no speed.
 */
export function modelMetadata(model: Model, vocabulary: Vocabulary = 'words'): readonly MetadataEntry[] {
  const { architecture } = model
  const prefix = ggufName(architecture)
  return [
    text('general.architecture', prefix),
    text('general.type', 'model'),
    // Not in the name: llama.cpp asks for special tokens of models whose name it knows (llama-vocab.cpp, "phi-3").
    text('general.name', 'Inhouse dry run'),
    text('general.description', `Stand-in of ${model.name} without its weights`),
    ...sizes(architecture, prefix),
    float32(`${prefix}.attention.layer_norm_rms_epsilon`, 1e-6),
    float32(`${prefix}.attention.layer_norm_epsilon`, 1e-5),
    ...attentionMetadata(architecture),
    ...expertMetadata(architecture),
    ...recurrentMetadata(architecture),
    ...scales(prefix),
    ...encoder(architecture, prefix),
    ...(prefix === 'gptneox' ? [bool(`${prefix}.use_parallel_residual`, true)] : []),
    ...(vocabulary === 'words' ? vocabularyMetadata(architecture) : noVocabularyMetadata(architecture)),
  ]
}
