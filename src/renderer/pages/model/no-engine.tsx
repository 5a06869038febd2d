import { useTranslation } from 'react-i18next'
import { Link } from 'wouter'
import type { Catalogue } from '#core/catalogue/catalogue.ts'
import { findLicense } from '#core/license/license.ts'
import type { Model } from '#core/model/model.ts'
import { MODELS_PATH } from '../../app/routes.ts'
import { useNeeds } from '../../app/use-stores.ts'
import { LicenseCard } from './license-card.tsx'
import classes from './model-page.module.css'

interface NoEngineProps {
  readonly model: Model
  readonly catalogue: Catalogue
}

/** What stands where the plan would: no engine loads this model, and what to do instead. */
export function NoEngine({ model, catalogue }: NoEngineProps) {
  const { t } = useTranslation()
  const needs = useNeeds()
  return (
    <>
      <section className={classes.section}>
        <h2 className={classes.heading}>{t('model.noEngineTitle')}</h2>
        <p>{t('model.noEngineSentence')}</p>
        <p>
          {t('model.noEngineNext')}{' '}
          <Link href={`${MODELS_PATH}?fit=runs&kind=${model.kind}`}>{t('model.sameKind')}</Link>
        </p>
      </section>
      <LicenseCard
        licenseId={model.license}
        license={findLicense(model.license, catalogue.licenses)}
        needs={needs}
      />
    </>
  )
}
