const CHANNEL = /channel\s*[-_ ]?([a-z0-9])|dimm[-_ ]?([a-h])(?:\d|\b)|\b([a-h])\d?_dimm/i

/**
 * Theoretical DRAM bandwidth: width × transfers, summed over channels; two modules on one channel add nothing.
 * Without channel labels more than two 64-bit modules cannot be told apart from one channel each: unknown.
 */
export function dramBandwidth(
  modules: readonly {
    readonly widthBits: number
    readonly megatransfersPerSecond: number
    readonly locator: string
  }[],
): number | null {
  if (modules.length === 0) return null
  const perModule = modules.map((module) => (module.widthBits / 8) * module.megatransfersPerSecond * 1e6)
  if (modules.every((module) => module.widthBits < 64)) return perModule.reduce((sum, rate) => sum + rate, 0)
  const channels = modules.map((module) =>
    CHANNEL.exec(module.locator)?.slice(1).find(Boolean)?.toLowerCase(),
  )
  if (channels.some((channel) => channel === undefined))
    return modules.length <= 2 ? perModule.reduce((sum, rate) => sum + rate, 0) : null
  const byChannel = new Map(channels.map((channel, index) => [channel, perModule[index] ?? 0]))
  return [...byChannel.values()].reduce((sum, rate) => sum + rate, 0)
}
