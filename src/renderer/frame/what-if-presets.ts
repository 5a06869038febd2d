/** Hardware people ask about most, from a used pair of cards to a server; read like typed text. */
export const WHAT_IF_PRESETS = [
  'RTX 4060 Ti 16GB, 32 GB',
  'RTX 4090, 64 GB',
  '2x RTX 3090, 128 GB',
  'RTX 5090, 96 GB',
  'RX 7900 XTX, 64 GB',
  'RTX PRO 6000 Blackwell, 128 GB',
  'H100 80GB SXM, 256 GB',
  'No GPU, 64 GB',
] as const
