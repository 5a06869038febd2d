import { type Parser, sighting } from '#backend/probe/sighting.ts'

/** A Jetson without nvidia-smi is known by its device tree; its GPU shares the board's memory. */
export const parseDeviceTree: Parser = (entries) => {
  const entry = entries.find(({ key }) => key === '/proc/device-tree/model')
  const model = (entry?.text ?? '').replaceAll('\u0000', '').trim()
  if (entry === undefined || !/\bjetson\b/i.test(model)) return {}
  return {
    sightings: [
      sighting({
        source: 'device tree',
        origin: entry.key,
        vendor: 'NVIDIA',
        name: model.replace(/\s*developer kit\s*$/i, ''),
        nameFromInventory: true,
        unified: true,
      }),
    ],
  }
}
