import { useTranslation } from 'react-i18next'
import type { Model } from '#core/model/model.ts'
import classes from './model-page.module.css'

/** Where the record of the model comes from. */
export function ModelSources({ model }: { readonly model: Model }) {
  const { t } = useTranslation()
  return (
    <section className={classes.sources}>
      <h2>
        {t('model.sources')} ({t('model.sourcesOf', { date: model.asOf })})
      </h2>
      <ul>
        {model.sources.map((source) => (
          <li key={source}>{source}</li>
        ))}
      </ul>
    </section>
  )
}
