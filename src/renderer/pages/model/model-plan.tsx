import { Button } from '@mantine/core'
import { useCallback, useMemo } from 'react'
import { useTranslation } from 'react-i18next'
import { bestPlanOf } from '#core/advise/best-plan-per-model.ts'
import { enginesOf } from '#core/advise/rank-plans.ts'
import type { Recommendation } from '#core/advise/recommendation.ts'
import type { Catalogue } from '#core/catalogue/catalogue.ts'
import { findLicense } from '#core/license/license.ts'
import type { Machine } from '#core/machine/machine.ts'
import type { Model } from '#core/model/model.ts'
import { similarRange } from '#core/quality/quality.ts'
import { useNeeds } from '../../app/use-stores.ts'
import { FitMark } from '../../components/fit-mark/fit-mark.tsx'
import { GetModel } from '../../components/get-model/get-model.tsx'
import { CONTEXT_STEPS } from '../../frame/need-steps.ts'
import { LicenseCard } from './license-card.tsx'
import { MeasureHere } from './measure/measure-here.tsx'
import { ModelHeader } from './model-header.tsx'
import classes from './model-page.module.css'
import { ModelSources } from './model-sources.tsx'
import { NoEngine } from './no-engine.tsx'
import { NothingFits } from './nothing-fits.tsx'
import { PlanControls } from './plan-controls.tsx'
import { PlanFigures } from './plan-figures.tsx'
import { PlanGrid } from './plan-grid.tsx'
import { PlanMemory } from './plan-memory.tsx'
import { PLAIN_PLAN_VIEW } from './plan-view.ts'
import type { PlanSubject } from './recommendation-input.ts'
import { useLadder, usePlan } from './use-plan.ts'
import { usePlanView } from './use-plan-view.ts'

const FITS = ['fits', 'tight', 'no'] as const

interface ModelPlanProps {
  readonly model: Model
  readonly catalogue: Catalogue
  readonly machine: Machine
}

/** The page of a model that is known, on a machine that is known. */
export function ModelPlan({ model, catalogue, machine }: ModelPlanProps) {
  const needs = useNeeds()
  const subject = useMemo((): PlanSubject | null => {
    const best = bestPlanOf(model, { machine, needs, catalogue })
    const standard = catalogue.quantizations.find(({ id }) => id === best?.quantizationId)
    if (standard === undefined) return null
    const engines = enginesOf(machine)
    const quantizations = catalogue.quantizations.filter((each) =>
      each.engines.some((engine) => engines.includes(engine)),
    )
    return { model, machine, needs, catalogue, standard, quantizations }
  }, [model, machine, needs, catalogue])
  return (
    <article className={classes.page}>
      <ModelHeader model={model} />
      {subject === null ? (
        <NoEngine model={model} catalogue={catalogue} />
      ) : (
        <PlannedModel subject={subject} />
      )}
      <ModelSources model={model} />
    </article>
  )
}

function PlannedModel({ subject }: { readonly subject: PlanSubject }) {
  const { t } = useTranslation()
  const { model, machine, needs, catalogue, quantizations } = subject
  const { view, draft, choose } = usePlanView()
  const { recommendation, askable } = usePlan(subject, view)
  const ladder = useLadder(subject, view)
  const chooseCell = useCallback(
    (quantizationId: string, contextTokens: number) => choose({ quantizationId, contextTokens }),
    [choose],
  )
  const { plan } = recommendation
  const nothingFits = plan.fit === 'no' && ladder.cells.every((cell) => cell.fit === 'no')
  return (
    <>
      {nothingFits ? <NothingFits ladder={ladder.cells} /> : null}
      <div className={classes.columns}>
        <div className={classes.side}>
          <PlanControls
            view={view}
            plan={plan}
            quantizations={quantizations}
            contexts={CONTEXT_STEPS.filter((tokens) => tokens <= model.architecture.contextTokens)}
            hasAccelerator={machine.accelerators.some(({ usable }) => usable)}
            onDraft={draft}
            onChoose={choose}
          />
          <Button
            className={classes.reset}
            variant="subtle"
            size="compact-sm"
            onClick={() => choose({ ...PLAIN_PLAN_VIEW, measure: view.measure })}
          >
            {t('model.reset')}
          </Button>
        </div>
        <PlanMemory plan={plan} machine={machine} askable={askable} />
        <div className={classes.figures}>
          <PlanFigures
            recommendation={recommendation}
            needs={needs}
            similar={similarRange(model, catalogue.quality)}
          >
            <div>
              <GetModel modelId={model.id} quantizationId={plan.quantizationId} size="compact-sm" />
            </div>
            <MeasureHere
              askable={askable}
              speedModel={catalogue.speedModel}
              method={view.measure}
              onMethod={(measure) => choose({ measure }, true)}
            />
          </PlanFigures>
          <LicenseCard
            licenseId={model.license}
            license={findLicense(model.license, catalogue.licenses)}
            needs={needs}
          />
        </div>
      </div>
      <Explanation recommendation={recommendation} />
      <section className={classes.section}>
        <h2 className={classes.heading}>{t('model.ladder')}</h2>
        <p className={classes.hint}>{t('model.ladderHint')}</p>
        <ul className={classes.key} aria-label={t('model.ladderKey')}>
          {FITS.map((fit) => (
            <li key={fit}>
              <FitMark fit={fit} />
            </li>
          ))}
        </ul>
        <PlanGrid ladder={ladder} onChoose={chooseCell} />
      </section>
    </>
  )
}

function Explanation({ recommendation }: { readonly recommendation: Recommendation }) {
  const { t } = useTranslation()
  const groups = [
    { title: t('model.reasons'), lines: recommendation.reasons },
    { title: t('model.improvements'), lines: recommendation.improvements },
    { title: t('model.notes'), lines: recommendation.plan.notes },
  ]
  return (
    <div className={classes.columns}>
      {groups.map(({ title, lines }) =>
        lines.length === 0 ? null : (
          <section key={title} className={classes.section}>
            <h2 className={classes.heading}>{title}</h2>
            <ul className={classes.lines}>
              {lines.map((line) => (
                <li key={line}>{line}</li>
              ))}
            </ul>
          </section>
        ),
      )}
    </div>
  )
}
