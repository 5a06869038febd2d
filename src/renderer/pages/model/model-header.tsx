import type { ReactNode } from 'react'
import { useTranslation } from 'react-i18next'
import { Link } from 'wouter'
import { formatContext, formatParameters } from '#core/figure/format-figure.ts'
import type { Model } from '#core/model/model.ts'
import { MODELS_PATH } from '../../app/routes.ts'
import classes from './model-header.module.css'

const REPOSITORY_HOST = 'https://huggingface.co/'

/** Who made the model, how large it is, what it reads, where its weights are. */
export function ModelHeader({ model }: { readonly model: Model }) {
  const { t } = useTranslation()
  return (
    <header className={classes.header}>
      <Link className={classes.back} href={MODELS_PATH}>
        {t('model.toModels')}
      </Link>
      <h1 className={classes.name}>
        {model.name} <span className={classes.developer}>{model.developer}</span>
      </h1>
      <p className={classes.kind}>
        {t(`model.kind.${model.kind}`)}
        {model.origin === 'user' ? ` · ${t('model.yours')}` : ''}
      </p>
      <dl className={classes.facts}>
        <Fact name={t('model.parameters')}>{useParametersText(model)}</Fact>
        <Fact name={t('model.contextLimit')}>{useContextText(model)}</Fact>
        <Fact name={t('model.released')}>{model.released}</Fact>
        <Fact name={t('model.modalities')}>{model.modalities.join(', ')}</Fact>
        <Fact name={t('model.weights')}>
          {model.ggufRepository === null ? (
            t('model.noWeights')
          ) : (
            <a href={REPOSITORY_HOST + model.ggufRepository} target="_blank" rel="noreferrer">
              {model.ggufRepository}
            </a>
          )}
        </Fact>
      </dl>
      {model.note === null ? null : (
        <p className={classes.note}>
          <strong>{t('model.note')}:</strong> {model.note}
        </p>
      )}
    </header>
  )
}

function Fact({ name, children }: { readonly name: string; readonly children: ReactNode }) {
  return (
    <div>
      <dt>{name}</dt>
      <dd>{children}</dd>
    </div>
  )
}

function useParametersText({ parameters }: Model): string {
  const { t } = useTranslation()
  const total = formatParameters(parameters.total)
  if (parameters.active === null || parameters.active === parameters.total) return total
  return t('model.parametersActive', { total, active: formatParameters(parameters.active) })
}

function useContextText({ nativeContextTokens, architecture }: Model): string {
  const { t } = useTranslation()
  const native = formatContext(nativeContextTokens)
  return nativeContextTokens >= architecture.contextTokens
    ? t('model.contextNative', { tokens: native })
    : t('model.contextNativeOf', { native, limit: formatContext(architecture.contextTokens) })
}
