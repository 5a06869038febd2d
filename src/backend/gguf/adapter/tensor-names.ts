/** Where a matrix of an adapter belongs in llama.cpp. */
export interface MappedModule {
  /** "blk.3.attn_q.weight". */
  readonly name: string
  readonly layer: number
  /** Heads whose rows llama.cpp keeps in another order. */
  readonly reordered: 'query' | 'key' | null
}

const ATTENTION = {
  'self_attn.q_proj': 'attn_q',
  'self_attn.k_proj': 'attn_k',
  'self_attn.v_proj': 'attn_v',
  'self_attn.o_proj': 'attn_output',
} as const

const STANDARD = {
  ...ATTENTION,
  'mlp.gate_proj': 'ffn_gate',
  'mlp.up_proj': 'ffn_up',
  'mlp.down_proj': 'ffn_down',
} as const

/** Modules of each architecture by llama.cpp's names (gguf-py/gguf/tensor_mapping.py, llama.cpp v0.5.0). */
const MODULES: Readonly<Record<string, Readonly<Record<string, string>>>> = {
  llama: STANDARD,
  mistral3: STANDARD,
  granite: STANDARD,
  smollm3: STANDARD,
  qwen2: STANDARD,
  qwen3: STANDARD,
  qwen3moe: ATTENTION,
  gemma: STANDARD,
  gemma2: STANDARD,
  gemma3: STANDARD,
  olmo2: STANDARD,
  'command-r': STANDARD,
  cohere2: STANDARD,
  seed_oss: STANDARD,
  exaone4: STANDARD,
  starcoder2: { ...ATTENTION, 'mlp.c_fc': 'ffn_up', 'mlp.c_proj': 'ffn_down' },
  phi3: {
    'self_attn.qkv_proj': 'attn_qkv',
    'self_attn.o_proj': 'attn_output',
    'mlp.gate_up_proj': 'ffn_up',
    'mlp.down_proj': 'ffn_down',
  },
}

/** Those whose converter reorders query and key rows (`LlamaModel.permute`, conversion/llama.py, and what inherits it). */
const REORDERED: ReadonlySet<string> = new Set(['llama', 'mistral3', 'granite', 'smollm3'])

/** Vision models wrap the language model once more. */
const IN_LAYER = /^(?:model\.)?(?:language_model\.)?(?:model\.)?layers\.(\d{1,5})\.(.+)$/

/** Architectures whose adapters can be converted. */
export const CONVERTIBLE_ARCHITECTURES: readonly string[] = Object.keys(MODULES)

/** The place of a PEFT module ("model.layers.3.self_attn.q_proj"); null where this architecture has no such matrix. */
export function mapModule(architecture: string, module: string): MappedModule | null {
  const [, layer, part] = IN_LAYER.exec(module) ?? []
  const modules = Object.hasOwn(MODULES, architecture) ? MODULES[architecture] : undefined
  if (modules === undefined || layer === undefined || part === undefined || !Object.hasOwn(modules, part))
    return null
  const reordered = part.endsWith('.q_proj') ? 'query' : part.endsWith('.k_proj') ? 'key' : null
  return {
    name: `blk.${Number(layer)}.${modules[part]}.weight`,
    layer: Number(layer),
    reordered: REORDERED.has(architecture) ? reordered : null,
  }
}

/** Splits a tensor's name as PEFT writes it into module and side; null where it is no matrix of a LoRA. */
export function parsePeftName(name: string): { readonly module: string; readonly side: 'a' | 'b' } | null {
  const [, module, side] = /^base_model\.model\.(.+)\.lora_([AB])(?:\.default)?\.weight$/.exec(name) ?? []
  if (module === undefined || side === undefined) return null
  return { module, side: side === 'A' ? 'a' : 'b' }
}
