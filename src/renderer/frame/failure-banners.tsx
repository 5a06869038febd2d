import { Button } from '@mantine/core'
import { IconAlertTriangle } from '@tabler/icons-react'
import type { ReactNode } from 'react'
import { useTranslation } from 'react-i18next'
import { useWhatIfProblem } from '../app/use-advice.ts'
import { connect } from '../app/start-stores.ts'
import { useCatalogueState, useMachineState, useStores } from '../app/use-stores.ts'
import { TechnicalPart } from '../components/state-message/technical-part.tsx'
import classes from './failure-banners.module.css'

/** Failures that concern every page, said once above the page. */
export function FailureBanners() {
  const { t } = useTranslation()
  const lost = useMachineState((state) => state.lost)
  const catalogue = useCatalogueState()
  const problem = useWhatIfProblem()
  const stores = useStores()
  const retry = (
    <Button size="sm" variant="default" onClick={() => connect(stores)}>
      {t('frame.retry')}
    </Button>
  )
  if (lost !== null) {
    const refused = lost.kind === 'refused'
    return (
      <Banner
        title={t(refused ? 'frame.refusedTitle' : 'frame.goneTitle')}
        sentence={t(refused ? 'frame.refusedSentence' : 'frame.goneSentence')}
        technical={lost.technical}
        action={retry}
      />
    )
  }
  if (catalogue.kind !== 'failed') return problem === null ? null : <UnknownHardware problem={problem} />
  const { failure } = catalogue
  return (
    <Banner
      title={t('frame.catalogueFailed')}
      sentence={[failure.message, failure.nextStep ?? ''].join(' ').trim()}
      technical={failure.technical}
      action={retry}
    />
  )
}

/** An address may ask for hardware that does not exist, or a record of the user's own may be gone. */
function UnknownHardware({ problem }: { readonly problem: string }) {
  const { t } = useTranslation()
  const { whatIf } = useStores()
  return (
    <Banner
      title={t('frame.asIfUnknown')}
      sentence={`${problem} ${t('frame.asIfUnknownNext')}`}
      action={
        <Button size="sm" variant="default" onClick={() => whatIf.getState().choose(null)}>
          {t('frame.showThisMachine')}
        </Button>
      }
    />
  )
}

interface BannerProps {
  readonly title: string
  readonly sentence: string
  readonly technical?: string
  readonly action: ReactNode
}

function Banner({ title, sentence, technical, action }: BannerProps) {
  return (
    <section className={classes.banner} role="alert" aria-label={title}>
      <IconAlertTriangle size={20} className={classes.icon} aria-hidden="true" />
      <div className={classes.words}>
        <p className={classes.title}>{title}</p>
        <p>{sentence}</p>
        {technical === undefined ? null : <TechnicalPart text={technical} />}
      </div>
      {action}
    </section>
  )
}
