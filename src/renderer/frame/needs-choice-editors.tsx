import { NumberInput, Radio, Switch } from '@mantine/core'
import { useTranslation } from 'react-i18next'
import { LICENSE_NEEDS, USE_CASES, type LicenseNeed, type UseCase } from '#core/advise/needs.ts'
import { bytesToGigabytes, gigabytesToBytes } from '#core/units/units.ts'
import { useNeeds, useStores } from '../app/use-stores.ts'
import classes from './needs-bar.module.css'

export function UseCaseEditor() {
  const { t } = useTranslation()
  const { useCase } = useNeeds()
  const { needs } = useStores()
  return (
    <Radio.Group
      label={t('needs.useCase')}
      value={useCase}
      onChange={(value) => needs.getState().change({ useCase: value as UseCase })}
    >
      <div className={classes.section}>
        {USE_CASES.map((value) => (
          <Radio
            key={value}
            value={value}
            label={t(`needs.useCases.${value}`)}
            description={t(`needs.useCaseHints.${value}`)}
          />
        ))}
      </div>
    </Radio.Group>
  )
}

export function LicenseEditor() {
  const { t } = useTranslation()
  const { license } = useNeeds()
  const { needs } = useStores()
  return (
    <Radio.Group
      label={t('needs.license')}
      value={license}
      onChange={(value) => needs.getState().change({ license: value as LicenseNeed })}
    >
      <div className={classes.section}>
        {LICENSE_NEEDS.map((value) => (
          <Radio
            key={value}
            value={value}
            label={t(`needs.licenses.${value}`)}
            description={t(`needs.licenseHints.${value}`)}
          />
        ))}
      </div>
    </Radio.Group>
  )
}

/** What the user accepts beyond the careful default, with the risk stated. */
export function GuardEditor() {
  const { t } = useTranslation()
  const { useReserve, includeSuperseded, maxFileBytes } = useNeeds()
  const { needs } = useStores()
  const { change } = needs.getState()
  return (
    <>
      <Switch
        label={t('needs.useReserve')}
        description={t('needs.useReserveRisk')}
        checked={useReserve}
        onChange={(event) => change({ useReserve: event.currentTarget.checked })}
      />
      <Switch
        label={t('needs.superseded')}
        description={t('needs.supersededHint')}
        checked={includeSuperseded}
        onChange={(event) => change({ includeSuperseded: event.currentTarget.checked })}
      />
      <NumberInput
        label={t('needs.maxFile')}
        description={t('needs.maxFileHint')}
        min={1}
        allowDecimal={false}
        allowNegative={false}
        value={maxFileBytes === null ? '' : bytesToGigabytes(maxFileBytes)}
        onChange={(value) =>
          change({ maxFileBytes: typeof value === 'number' && value > 0 ? gigabytesToBytes(value) : null })
        }
      />
    </>
  )
}
