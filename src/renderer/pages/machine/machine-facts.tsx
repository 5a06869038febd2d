import type { TFunction } from 'i18next'
import { useTranslation } from 'react-i18next'
import { formatFileSize, numberAndUnit } from '#core/figure/format-figure.ts'
import type { Cpu, Machine, OperatingSystem, SystemMemory } from '#core/machine/machine.ts'
import { FactList, type MachineFact } from './fact-list.tsx'
import { listText, memoryText } from './machine-accelerators.tsx'
import classes from './machine.module.css'

/** Processor, memory, system and disks. */
export function MachineFacts({ machine }: { readonly machine: Machine }) {
  const { t } = useTranslation()
  const groups: readonly (readonly [string, readonly MachineFact[]])[] = [
    [t('machine.cpu'), cpuFacts(machine.cpu, t)],
    [t('machine.systemMemory'), memoryFacts(machine.memory, t)],
    [t('machine.system'), systemFacts(machine.os, machine.backends, t)],
    [t('machine.disks'), diskFacts(machine.disks, t)],
  ]
  return (
    <div className={classes.groups}>
      {groups.map(([title, facts]) => (
        <section key={title} aria-label={title} className={classes.section}>
          <h2>{title}</h2>
          <FactList facts={facts} sources={machine.sources} />
        </section>
      ))}
    </div>
  )
}

function cpuFacts(cpu: Cpu, t: TFunction): readonly MachineFact[] {
  return [
    { name: t('machine.name'), value: cpu.name, path: 'cpu.name' },
    { name: t('machine.physicalCores'), value: cpu.physicalCores, path: 'cpu.physicalCores' },
    { name: t('machine.logicalCores'), value: cpu.logicalCores, path: 'cpu.logicalCores' },
    { name: t('machine.performanceCores'), value: cpu.performanceCores, path: 'cpu.performanceCores' },
    { name: t('machine.usableCores'), value: cpu.usableCores, path: 'cpu.usableCores' },
    { name: t('machine.features'), value: listText(cpu.features), path: 'cpu.features' },
  ]
}

function memoryFacts(memory: SystemMemory, t: TFunction): readonly MachineFact[] {
  const { bandwidthBytesPerSecond } = memory
  return [
    { name: t('machine.total'), value: memoryText(memory.totalBytes), path: 'memory.totalBytes' },
    { name: t('machine.free'), value: memoryText(memory.freeBytes), path: 'memory.freeBytes' },
    { name: t('machine.limit'), value: memoryText(memory.limitBytes), path: 'memory.limitBytes' },
    {
      name: t('machine.bandwidth'),
      value:
        bandwidthBytesPerSecond === null
          ? null
          : numberAndUnit(bandwidthBytesPerSecond, 'bytesPerSecond').join(''),
      path: 'memory.bandwidthBytesPerSecond',
    },
  ]
}

function systemFacts(
  os: OperatingSystem,
  backends: Machine['backends'],
  t: TFunction,
): readonly MachineFact[] {
  const virtualization = os.virtualization === null ? null : t(`machine.virtualizations.${os.virtualization}`)
  return [
    { name: t('machine.name'), value: os.name, path: 'os.name' },
    { name: t('machine.version'), value: os.version, path: 'os.version' },
    { name: t('machine.architecture'), value: os.architecture, path: 'os.architecture' },
    { name: t('machine.virtualization'), value: virtualization, path: 'os.virtualization' },
    { name: t('machine.backends'), value: listText(backends), path: 'backends' },
  ]
}

function diskFacts(disks: Machine['disks'], t: TFunction): readonly MachineFact[] {
  return disks.map((disk, index) => ({
    name: disk.holdsModels ? t('machine.modelsDisk', { mount: disk.mount }) : disk.mount,
    value: disk.freeBytes === null ? null : t('machine.diskFree', { amount: formatFileSize(disk.freeBytes) }),
    path: `disks.${index}.freeBytes`,
  }))
}
