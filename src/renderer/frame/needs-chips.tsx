import { Button } from '@mantine/core'
import { useTranslation } from 'react-i18next'
import { formatContext, formatNumber } from '#core/figure/format-figure.ts'
import { useNeeds, useStores } from '../app/use-stores.ts'
import { NeedsChip } from './needs-chip.tsx'
import { ContextEditor, SpeedEditor, UsersEditor } from './needs-number-editors.tsx'
import { GuardEditor, LicenseEditor, UseCaseEditor } from './needs-choice-editors.tsx'

/** One chip a need, each with its own editor. */
export function NeedsChips() {
  const { t } = useTranslation()
  const needs = useNeeds()
  const speed =
    needs.minTokensPerSecond === 0
      ? t('needs.speedAny')
      : t('needs.speedChip', { speed: formatNumber(needs.minTokensPerSecond) })
  return (
    <>
      <NeedsChip name={t('needs.useCase')} value={t(`needs.useCases.${needs.useCase}`)}>
        {() => <UseCaseEditor />}
      </NeedsChip>
      <NeedsChip
        name={t('needs.context')}
        value={t('needs.contextChip', { tokens: formatContext(needs.contextTokens) })}
      >
        {() => <ContextEditor />}
      </NeedsChip>
      <NeedsChip name={t('needs.users')} value={t('needs.usersChip', { count: needs.users })}>
        {() => <UsersEditor />}
      </NeedsChip>
      <NeedsChip name={t('needs.license')} value={t(`needs.licenses.${needs.license}`)}>
        {() => <LicenseEditor />}
      </NeedsChip>
      <NeedsChip name={t('needs.speed')} value={speed}>
        {() => <SpeedEditor />}
      </NeedsChip>
      <NeedsChip
        name={t('needs.guard')}
        value={t(needs.useReserve ? 'needs.guardUsed' : 'needs.guardKept')}
        tone={needs.useReserve ? 'warning' : 'plain'}
      >
        {() => <GuardEditor />}
      </NeedsChip>
    </>
  )
}

/** All needs behind one chip, for narrow windows. */
export function NeedsSummaryChip() {
  const { t } = useTranslation()
  const needs = useNeeds()
  const { needs: store } = useStores()
  const value = t('needs.allSummary', {
    useCase: t(`needs.useCases.${needs.useCase}`),
    tokens: formatContext(needs.contextTokens),
    people: t('needs.usersChip', { count: needs.users }),
  })
  return (
    <NeedsChip name={t('needs.all')} value={value} tone={needs.useReserve ? 'warning' : 'plain'}>
      {() => (
        <>
          <UseCaseEditor />
          <ContextEditor />
          <UsersEditor />
          <LicenseEditor />
          <SpeedEditor />
          <GuardEditor />
          <Button variant="subtle" color="gray" onClick={() => store.getState().reset()}>
            {t('needs.reset')}
          </Button>
        </>
      )}
    </NeedsChip>
  )
}
