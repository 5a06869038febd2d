import { useTranslation } from 'react-i18next'
import { Link } from 'wouter'
import { findModel } from '#core/model/find-model.ts'
import type { Model } from '#core/model/model.ts'
import { MODELS_PATH, planHref } from '../../app/routes.ts'
import { StateMessage } from '../../components/state-message/state-message.tsx'

interface UnknownModelProps {
  readonly id: string
  readonly models: readonly Model[]
}

/** An address that names no model of the catalogue: the nearest names are one click away. */
export function UnknownModel({ id, models }: UnknownModelProps) {
  const { t } = useTranslation()
  const found = findModel(id, models)
  const nearest =
    found.kind === 'found' ? [found.record] : found.kind === 'ambiguous' ? found.candidates : found.nearest
  return (
    <StateMessage
      title={t('model.unknownTitle')}
      sentence={t('model.unknownSentence', { id })}
      action={
        <ul>
          {nearest.map((model) => (
            <li key={model.id}>
              <Link href={planHref({ modelId: model.id })}>
                {t('model.didYouMean', { name: model.name })}
              </Link>
            </li>
          ))}
          <li>
            <Link href={MODELS_PATH}>{t('model.toModels')}</Link>
          </li>
        </ul>
      }
    />
  )
}
