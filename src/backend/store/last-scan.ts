import path from 'node:path'
import { readJsonFile, writeJsonFile } from '#backend/store/json-file.ts'
import type { Machine } from '#core/machine/machine.ts'

/** Written with the scan; a file of another format is ignored, the next scan replaces it. */
const FORMAT = 'inhouse/last-scan/1'

/** The last scan of this machine; null before the first, or where the file is not one. */
export async function readLastScan(userFolder: string): Promise<Machine | null> {
  const stored = await readJsonFile(lastScanFile(userFolder))
  if (typeof stored !== 'object' || stored === null) return null
  if (!('format' in stored) || stored.format !== FORMAT || !('machine' in stored)) return null
  return isMachine(stored.machine) ? stored.machine : null
}

/** Remembers a scan for the next start. */
export async function writeLastScan(userFolder: string, machine: Machine): Promise<void> {
  await writeJsonFile(lastScanFile(userFolder), { format: FORMAT, machine })
}

function lastScanFile(userFolder: string): string {
  return path.join(userFolder, 'last-scan.json')
}

const PARTS: Readonly<Record<keyof Machine, (value: unknown) => boolean>> = {
  os: isRecord,
  cpu: (value) => isRecord(value) && Array.isArray(value['features']),
  memory: isRecord,
  accelerators: (value) =>
    isListOfRecords(value) && value.every((accelerator) => Array.isArray(accelerator['backends'])),
  disks: isListOfRecords,
  backends: Array.isArray,
  sources: isRecord,
  warnings: isListOfRecords,
  scannedAt: (value) => typeof value === 'string',
  asIf: (value) => value === false,
}

/** The shape a page relies on; the values were right when this app wrote them, and the next scan replaces them. */
function isMachine(value: unknown): value is Machine {
  return isRecord(value) && Object.entries(PARTS).every(([name, isRight]) => isRight(value[name]))
}

function isRecord(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
}

function isListOfRecords(value: unknown): value is Record<string, unknown>[] {
  return Array.isArray(value) && value.every(isRecord)
}
