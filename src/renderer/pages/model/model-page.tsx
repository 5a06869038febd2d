import { Skeleton } from '@mantine/core'
import { useTranslation } from 'react-i18next'
import { useCalibratedCatalogue, useChosenMachine } from '../../app/use-advice.ts'
import { usePageTitle } from '../../app/use-page-title.ts'
import { WaitingForMachine } from '../../components/waiting/waiting-for-machine.tsx'
import { ModelPlan } from './model-plan.tsx'
import classes from './model-page.module.css'
import { UnknownModel } from './unknown-model.tsx'

/** One model in depth: a plan of it, where each byte goes, and every quantization at every context. */
export function ModelPage({ modelId }: { readonly modelId: string }) {
  const { t } = useTranslation()
  const catalogue = useCalibratedCatalogue()
  const machine = useChosenMachine()
  const model = catalogue?.models.find(({ id }) => id === modelId) ?? null
  usePageTitle(model?.name ?? t('models.title'))
  if (catalogue !== null && model === null) return <UnknownModel id={modelId} models={catalogue.models} />
  if (catalogue === null || model === null || machine === null) {
    return <WaitingForMachine skeleton={<LoadingModel />} />
  }
  return <ModelPlan key={model.id} model={model} catalogue={catalogue} machine={machine} />
}

function LoadingModel() {
  const { t } = useTranslation()
  return (
    <div className={classes.page} role="status" aria-label={t('model.loading')}>
      <Skeleton height={36} width={320} />
      <Skeleton height={40} />
      <div className={classes.columns}>
        <Skeleton height={320} />
        <Skeleton height={320} />
      </div>
      <Skeleton height={400} />
    </div>
  )
}
