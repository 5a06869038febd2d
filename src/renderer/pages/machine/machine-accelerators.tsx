import { useTranslation } from 'react-i18next'
import type { TFunction } from 'i18next'
import { formatMemory } from '#core/figure/format-figure.ts'
import type { Accelerator, Machine } from '#core/machine/machine.ts'
import { FigureValue } from '../../components/figure/figure-value.tsx'
import { FactList, type MachineFact } from './fact-list.tsx'
import classes from './machine.module.css'

/** Every accelerator with what decides how it can be used; those that cannot be used say why. */
export function MachineAccelerators({ machine }: { readonly machine: Machine }) {
  const { t } = useTranslation()
  return (
    <section aria-label={t('machine.accelerators')} className={classes.section}>
      <h2>{t('machine.accelerators')}</h2>
      {machine.accelerators.length === 0 ? <p className="lighter">{t('machine.noAccelerators')}</p> : null}
      <ul className={classes.devices}>
        {machine.accelerators.map((accelerator, index) => (
          <li key={`${accelerator.pciAddress ?? ''} ${index}`} className={classes.device}>
            <h3>{accelerator.name}</h3>
            {accelerator.usable ? null : (
              <p className={classes.unusable}>
                {t('machine.notUsable', { reason: accelerator.unusableReason ?? t('machine.noReason') })}
              </p>
            )}
            <FactList facts={acceleratorFacts(accelerator, index, t)} sources={machine.sources} />
          </li>
        ))}
      </ul>
    </section>
  )
}

function acceleratorFacts(accelerator: Accelerator, index: number, t: TFunction): readonly MachineFact[] {
  const path = (name: keyof Accelerator): string => `accelerators.${index}.${name}`
  const optional = (name: string, key: 'computeCapability' | 'gfxTarget' | 'migProfile'): MachineFact[] => {
    const value = accelerator[key]
    return value === null ? [] : [{ name, value, path: path(key) }]
  }
  return [
    { name: t('machine.memory'), value: memoryText(accelerator.memoryBytes), path: path('memoryBytes') },
    { name: t('machine.free'), value: memoryText(accelerator.freeBytes), path: path('freeBytes') },
    ...(accelerator.usableBytes === null
      ? []
      : [{ name: t('machine.cap'), value: memoryText(accelerator.usableBytes), path: path('usableBytes') }]),
    { name: t('machine.bandwidth'), value: bandwidth(accelerator) },
    {
      name: t('machine.backends'),
      value: listText(accelerator.backends) ?? t('machine.none'),
      path: path('backends'),
    },
    { name: t('machine.driver'), value: accelerator.driverVersion, path: path('driverVersion') },
    ...optional(t('machine.computeCapability'), 'computeCapability'),
    ...optional(t('machine.gfxTarget'), 'gfxTarget'),
    ...optional(t('machine.migProfile'), 'migProfile'),
    { name: t('machine.pci'), value: accelerator.pciAddress, path: path('pciAddress') },
  ]
}

function bandwidth(accelerator: Accelerator): MachineFact['value'] {
  const { performance } = accelerator
  if (performance === null || performance.bandwidthBytesPerSecond === null) return null
  return (
    <FigureValue
      figure={{
        value: performance.bandwidthBytesPerSecond,
        unit: 'bytesPerSecond',
        basis: 'published',
        source: performance.source,
        asOf: performance.asOf,
      }}
    />
  )
}

export function memoryText(bytes: number | null): string | null {
  return bytes === null ? null : formatMemory(bytes)
}

export function listText(items: readonly string[]): string | null {
  return items.length === 0 ? null : items.join(', ')
}
