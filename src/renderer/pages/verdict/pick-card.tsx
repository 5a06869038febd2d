import { Button } from '@mantine/core'
import type { ReactNode } from 'react'
import { useTranslation } from 'react-i18next'
import { Link } from 'wouter'
import type { UseCase } from '#core/advise/needs.ts'
import type { Recommendation } from '#core/advise/recommendation.ts'
import { planHref } from '../../app/routes.ts'
import { FigureValue } from '../../components/figure/figure-value.tsx'
import { GetModel } from '../../components/get-model/get-model.tsx'
import { FitMark } from '../../components/fit-mark/fit-mark.tsx'
import { LicenseMark } from '../../components/license-mark/license-mark.tsx'
import { PickMemory } from './pick-memory.tsx'
import classes from './verdict.module.css'

interface PickCardProps {
  readonly pick: Recommendation
  readonly useCase: UseCase
  /** The machine is not there: nothing can be measured on it. */
  readonly asIf: boolean
}

/** One pick: what it is, what it takes, how fast and how good it is, each figure with what to make of it. */
export function PickCard({ pick, useCase, asIf }: PickCardProps) {
  const { t } = useTranslation()
  const { model, plan, remarks } = pick
  const link = {
    modelId: model.id,
    quantizationId: plan.quantizationId,
    contextTokens: plan.contextTokens,
  }
  return (
    <article className={classes.pick} aria-label={model.name}>
      <header>
        <p className={classes.role}>{pick.roles.map((role) => t(`verdict.roles.${role}`)).join(' · ')}</p>
        <h2 className={classes.name}>{model.name}</h2>
        <p className={classes.line}>
          <span className="lighter">
            {plan.quantizationId} · <FigureValue figure={plan.fileBytes} kind="file" />
          </span>
          <FitMark fit={plan.fit} missingBytes={plan.missingBytes} />
        </p>
      </header>
      <PickMemory plan={plan} remark={remarks.memory} />
      <dl className={classes.facts}>
        {useCase === 'embedding' ? (
          <Fact name={t('verdict.reading')} remark={null}>
            <FigureValue figure={plan.prefill} />
          </Fact>
        ) : (
          <Fact name={t('verdict.speed')} remark={remarks.speed}>
            <FigureValue figure={plan.decode} />
          </Fact>
        )}
        <Fact name={t('verdict.quality')} remark={remarks.quality}>
          <FigureValue figure={pick.quality} />
        </Fact>
        <Fact name={t('verdict.agreement')} remark={t('verdict.agreementRemark')}>
          <FigureValue figure={pick.agreement} />
        </Fact>
        <Fact name={t('verdict.license')} remark={null}>
          <LicenseMark licenseId={model.license} />
        </Fact>
      </dl>
      {pick.improvements.slice(0, 1).map((improvement) => (
        <p key={improvement} className={classes.improvement}>
          {improvement}
        </p>
      ))}
      <div className={classes.buttons}>
        <Button
          component={Link}
          href={planHref(link)}
          variant="light"
          aria-label={t('verdict.detailsOf', { model: model.name })}
        >
          {t('verdict.details')}
        </Button>
        {asIf ? null : (
          <Button
            component={Link}
            href={planHref({ ...link, measure: 'quick' })}
            variant="default"
            aria-label={t('verdict.measureOf', { model: model.name })}
          >
            {t('verdict.measure')}
          </Button>
        )}
        <GetModel modelId={model.id} quantizationId={plan.quantizationId} />
      </div>
    </article>
  )
}

interface FactProps {
  readonly name: string
  /** What to make of it, under it. */
  readonly remark: string | null
  readonly children: ReactNode
}

function Fact({ name, remark, children }: FactProps) {
  return (
    <div className={classes.fact}>
      <dt>{name}</dt>
      <dd>{children}</dd>
      {remark === null ? null : <dd className={classes.remark}>{remark}</dd>}
    </div>
  )
}
