import {
  jsonOf,
  numberField,
  numberOf,
  type HostReading,
  type Parsed,
  type Parser,
  type RawEntry,
  recordsOf,
  type Sighting,
  sighting,
  textField,
  vendorOfName,
} from '#backend/probe/sighting.ts'
import { isCapped } from '#backend/probe/sources/capped-size.ts'
import { dramBandwidth } from '#backend/probe/sources/dram-bandwidth.ts'
import { registryBytes, rowField, tableRows } from '#backend/probe/sources/windows-tables.ts'
import { isVirtualAdapter, virtualAdapterWarning } from '#backend/probe/sources/virtual-adapter.ts'
import type { MachineWarning } from '#core/machine/machine.ts'

type Json = Readonly<Record<string, unknown>>

/** Key of the one PowerShell call that asks for everything. */
export const POWERSHELL_KEY = 'powershell inventory'

/**
 * One call, because starting PowerShell costs most of the time. UTF-8 is forced: the OEM code page breaks the
 * trademark signs in names. Class {4d36e968-…} is "display adapters"; qwMemorySize is the 64-bit size there.
 */
export const POWERSHELL_SCRIPT = [
  '[Console]::OutputEncoding=[Text.Encoding]::UTF8',
  "$ErrorActionPreference='SilentlyContinue'",
  '$video=@(Get-CimInstance Win32_VideoController | Select-Object Name,PNPDeviceID,AdapterRAM,DriverVersion,Status)',
  "$registry=@(Get-ItemProperty 'HKLM:\\SYSTEM\\CurrentControlSet\\Control\\Class\\{4d36e968-e325-11ce-bfc1-08002be10318}\\0*' | Select-Object MatchingDeviceId,DriverDesc,@{n='qwMemorySize';e={$_.'HardwareInformation.qwMemorySize'}})",
  '$memory=@(Get-CimInstance Win32_PhysicalMemory | Select-Object Capacity,Speed,ConfiguredClockSpeed,SMBIOSMemoryType,DeviceLocator,BankLabel,DataWidth)',
  '$system=Get-CimInstance Win32_ComputerSystem | Select-Object TotalPhysicalMemory,Model,Manufacturer,HypervisorPresent',
  '$os=Get-CimInstance Win32_OperatingSystem | Select-Object Caption,Version,FreePhysicalMemory',
  '$cpu=@(Get-CimInstance Win32_Processor | Select-Object Name,Manufacturer,NumberOfCores,NumberOfLogicalProcessors)',
  '@{video=$video;registry=$registry;memory=$memory;system=$system;os=$os;cpu=$cpu}|ConvertTo-Json -Depth 4 -Compress',
].join(';')

function pciIdOf(text: string | null): string | null {
  const match = /VEN_([0-9A-F]{4})&DEV_([0-9A-F]{4})/i.exec(text ?? '')
  return match === null ? null : `${match[1]}:${match[2]}`.toLowerCase()
}

function revisionOf(text: string | null): string | null {
  return /&REV_([0-9A-F]{2})/i.exec(text ?? '')?.[1]?.toLowerCase() ?? null
}

interface Adapter {
  readonly name: string
  readonly pnpDeviceId: string | null
  readonly adapterRam: number | null
  readonly driverVersion: string | null
}

/** WMI's AdapterRAM is used for nothing but small cards: it is capped, and shared memory for integrated ones. */
function controllers(adapters: readonly Adapter[], source: string, origin: string): Parsed {
  const sightings: Sighting[] = []
  const warnings: MachineWarning[] = []
  for (const adapter of adapters) {
    if (isVirtualAdapter(adapter.name, adapter.pnpDeviceId)) {
      warnings.push(virtualAdapterWarning(adapter.name, source))
      continue
    }
    const capped = adapter.adapterRam !== null && isCapped(adapter.adapterRam)
    sightings.push(
      sighting({
        source,
        origin,
        vendor: vendorOfName(adapter.name),
        name: adapter.name,
        pciId: pciIdOf(adapter.pnpDeviceId),
        revision: revisionOf(adapter.pnpDeviceId),
        memoryBytes: capped ? null : adapter.adapterRam,
        driverVersion: adapter.driverVersion,
      }),
    )
  }
  return { sightings, warnings }
}

function adapterOf(record: Json): Adapter | null {
  const name = textField(record, 'Name')
  if (name === null) return null
  return {
    name,
    pnpDeviceId: textField(record, 'PNPDeviceID'),
    adapterRam: numberField(record, 'AdapterRAM'),
    driverVersion: textField(record, 'DriverVersion'),
  }
}

/** A number as JSON holds it, or what stands for one in the registry. */
function sizeOf(value: unknown): number | null {
  if (Array.isArray(value))
    return registryBytes(value.map((byte) => Number(byte).toString(16).padStart(2, '0')).join(' '))
  return typeof value === 'string' ? registryBytes(value) : numberField({ value }, 'value')
}

function registrySightings(records: readonly Json[], origin: string): readonly Sighting[] {
  return records.flatMap((record) => {
    const name = textField(record, 'DriverDesc')
    if (name === null || isVirtualAdapter(name, null)) return []
    return [
      sighting({
        source: 'registry',
        origin,
        vendor: vendorOfName(name),
        name,
        pciId: pciIdOf(textField(record, 'MatchingDeviceId')),
        memoryBytes: sizeOf(record['qwMemorySize'] ?? record['HardwareInformation.qwMemorySize']),
      }),
    ]
  })
}

/** Adapters of a table as wmic and PowerShell print it. */
function tableAdapters(text: string): readonly Adapter[] {
  return tableRows(text).flatMap((row) => {
    const name = rowField(row, 'Name')
    if (name === null) return []
    return [
      {
        name,
        pnpDeviceId: rowField(row, 'PNPDeviceID'),
        adapterRam: numberOf(rowField(row, 'AdapterRAM') ?? ''),
        driverVersion: rowField(row, 'DriverVersion'),
      },
    ]
  })
}

/** JSON of one or several adapters, else a table. */
function adaptersOf(text: string): readonly Adapter[] {
  const json = jsonOf(text)
  return json === undefined
    ? tableAdapters(text)
    : recordsOf(json)
        .map(adapterOf)
        .filter((adapter) => adapter !== null)
}

function pipedAdapters(text: string): readonly Adapter[] {
  return [...text.matchAll(/^(.+)\|(\d*)\s*$/gm)].map((match) => ({
    name: (match[1] ?? '').trim(),
    pnpDeviceId: null,
    adapterRam: numberOf(match[2]),
    driverVersion: null,
  }))
}

/** `Name / Vendor / driver version / VRAM : 2.00 GB`; the size is the 32-bit one and not used. */
function slashAdapters(text: string): readonly Adapter[] {
  const [name = '', , driver = ''] = text.split('/').map((part) => part.trim())
  return /VRAM\s*:/.test(text) && name !== ''
    ? [{ name, pnpDeviceId: null, adapterRam: null, driverVersion: driver === '' ? null : driver }]
    : []
}

function moduleOf(
  record: Json,
): { widthBits: number; megatransfersPerSecond: number; locator: string } | null {
  const speed = numberField(record, 'ConfiguredClockSpeed') ?? numberField(record, 'Speed')
  const widthBits = numberField(record, 'DataWidth')
  const locator = `${textField(record, 'DeviceLocator') ?? ''} ${textField(record, 'BankLabel') ?? ''}`
  return speed === null || widthBits === null ? null : { widthBits, megatransfersPerSecond: speed, locator }
}

function sumOf(records: readonly Json[], field: string): number | null {
  const total = records.reduce((sum, record) => sum + (numberField(record, field) ?? 0), 0)
  return total > 0 ? total : null
}

function inventoryReading(answer: Json): HostReading {
  const [system = {}] = recordsOf(answer['system'])
  const [os = {}] = recordsOf(answer['os'])
  const cpus = recordsOf(answer['cpu'])
  const modules = recordsOf(answer['memory'])
  const osTotal = numberField(system, 'TotalPhysicalMemory')
  const freeKibibytes = numberField(os, 'FreePhysicalMemory')
  const model = `${textField(system, 'Manufacturer') ?? ''} ${textField(system, 'Model') ?? ''}`
  const isVm = /virtual machine|vmware|virtualbox|kvm|qemu|amazon ec2|google compute/i.test(model)
  return {
    source: 'WMI',
    os: {
      name: textField(os, 'Caption'),
      version: textField(os, 'Version'),
      virtualization: isVm ? 'vm' : 'none',
    },
    cpu: {
      name: cpus[0] === undefined ? null : textField(cpus[0], 'Name'),
      vendor: cpus[0] === undefined ? null : textField(cpus[0], 'Manufacturer'),
      physicalCores: sumOf(cpus, 'NumberOfCores'),
      logicalCores: sumOf(cpus, 'NumberOfLogicalProcessors'),
    },
    memory: {
      totalBytes: sumOf(modules, 'Capacity') ?? osTotal,
      limitBytes: osTotal,
      freeBytes: freeKibibytes === null ? null : freeKibibytes * 1024,
      bandwidthBytesPerSecond: dramBandwidth(modules.map(moduleOf).filter((module) => module !== null)),
    },
  }
}

function parseInventory(entry: RawEntry): Parsed {
  const [answer] = recordsOf(jsonOf(entry.text))
  if (answer === undefined) return { garbled: [{ key: entry.key, detail: 'not JSON' }] }
  const adapters = recordsOf(answer['video'])
    .map(adapterOf)
    .filter((adapter) => adapter !== null)
  const video = controllers(adapters, 'WMI', entry.key)
  const registry = registrySightings(recordsOf(answer['registry']), `${entry.key} registry`)
  return {
    sightings: [...(video.sightings ?? []), ...registry],
    warnings: video.warnings ?? [],
    readings: [inventoryReading(answer)],
  }
}

/** The display class of the registry, asked as `registry …`, `reg query …` or `Get-ItemProperty HKLM:…`. */
const REGISTRY = /^registry\b|^reg(?:\.exe)? query\b|HKLM:?\\|4d36e968-e325-11ce/i

/** Vendor of an adapter that the registry only gives a size of. */
const SIZE_ONLY = /qwMemorySize/i

function registryEntry({ key, text }: RawEntry): readonly Sighting[] {
  const records = recordsOf(jsonOf(text))
  if (records.length > 0) return registrySightings(records, key)
  const rows = tableRows(text).map((row) => ({
    DriverDesc: rowField(row, 'DriverDesc'),
    MatchingDeviceId: rowField(row, 'MatchingDeviceId'),
    qwMemorySize: rowField(row, 'qwMemorySize') ?? rowField(row, 'HardwareInformation.qwMemorySize'),
  }))
  const named = registrySightings(rows, key)
  const sizes = SIZE_ONLY.test(key) && named.length === 0 ? text.split('\n').map(registryBytes) : []
  return [
    ...named,
    ...sizes
      .filter((memoryBytes) => memoryBytes !== null)
      .map((memoryBytes) => sighting({ source: 'registry', origin: key, vendor: 'other', memoryBytes })),
  ]
}

/** One figure of a CIM class: bare, in JSON or in a table. */
function systemMemory(text: string, field: string, unitBytes: number): Parsed {
  const [record] = recordsOf(jsonOf(text))
  const [row = {}] = tableRows(text)
  const value =
    numberOf(text) ??
    (record === undefined ? numberOf(rowField(row, field) ?? '') : numberField(record, field))
  if (value === null) return {}
  const limitBytes = value * unitBytes
  return { readings: [{ source: 'os', memory: { totalBytes: limitBytes, limitBytes } }] }
}

/** Installed modules: their sum, or records with `Capacity`. */
function installedMemory(text: string): Parsed {
  const records = recordsOf(jsonOf(text))
  const totalBytes =
    records.length > 0
      ? sumOf(records, 'Capacity')
      : (numberOf(text) ??
        sumOf(
          tableRows(text).map((row) => ({ Capacity: rowField(row, 'Capacity') })),
          'Capacity',
        ))
  return totalBytes === null ? {} : { readings: [{ source: 'WMI', memory: { totalBytes } }] }
}

function parseEntry(entry: RawEntry): Parsed {
  const { key, text } = entry
  if (key === POWERSHELL_KEY) return parseInventory(entry)
  if (/Win32_PhysicalMemory|\bmemorychip\b/i.test(key)) return installedMemory(text)
  if (/VideoController/i.test(key)) return controllers(adaptersOf(text), 'WMI', key)
  if (/Win32_ComputerSystem/i.test(key)) return systemMemory(text, 'TotalPhysicalMemory', 1)
  if (/Win32_OperatingSystem/i.test(key)) return systemMemory(text, 'TotalVisibleMemorySize', 1024)
  if (/Name\|AdapterRAM/.test(key)) return controllers(pipedAdapters(text), 'WMI', key)
  if (REGISTRY.test(key)) return { sightings: registryEntry(entry) }
  if (/^oshi\b/i.test(key)) return controllers(slashAdapters(text), 'WMI', key)
  if (/^os total RAM \(GiB\)/i.test(key)) {
    const gibibytes = Number(text)
    return Number.isFinite(gibibytes) && gibibytes > 0
      ? { readings: [{ source: 'os', memory: { limitBytes: Math.round(gibibytes * 1024 ** 3) } }] }
      : {}
  }
  return {}
}

/** WMI / CIM, the display class of the registry, and the older ways to ask for them. */
export const parseWindows: Parser = (entries) => {
  const parsed = entries.map(parseEntry)
  return {
    sightings: parsed.flatMap((part) => part.sightings ?? []),
    readings: parsed.flatMap((part) => part.readings ?? []),
    warnings: parsed.flatMap((part) => part.warnings ?? []),
    garbled: parsed.flatMap((part) => part.garbled ?? []),
  }
}
