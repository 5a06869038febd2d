import { Button } from '@mantine/core'
import { IconPlugConnectedX } from '@tabler/icons-react'
import { useTranslation } from 'react-i18next'
import { connect } from '../app/start-stores.ts'
import { useCatalogueState, useMachineState, useStores } from '../app/use-stores.ts'
import type { Failure } from '../api/failure.ts'
import { TechnicalPart } from '../components/state-message/technical-part.tsx'
import classes from './failure-banners.module.css'

/** Failures that concern every page, said once above the page. */
export function FailureBanners() {
  const { t } = useTranslation()
  const lost = useMachineState((state) => state.lost)
  const catalogue = useCatalogueState()
  if (lost !== null) {
    const refused = lost.kind === 'refused'
    return (
      <Banner
        title={t(refused ? 'frame.refusedTitle' : 'frame.goneTitle')}
        sentence={t(refused ? 'frame.refusedSentence' : 'frame.goneSentence')}
        failure={lost}
      />
    )
  }
  if (catalogue.kind !== 'failed') return null
  const { failure } = catalogue
  return (
    <Banner
      title={t('frame.catalogueFailed')}
      sentence={[failure.message, failure.nextStep ?? ''].join(' ').trim()}
      failure={failure}
    />
  )
}

interface BannerProps {
  readonly title: string
  readonly sentence: string
  readonly failure: Failure
}

function Banner({ title, sentence, failure }: BannerProps) {
  const { t } = useTranslation()
  const stores = useStores()
  return (
    <section className={classes.banner} role="alert" aria-label={title}>
      <IconPlugConnectedX size={20} className={classes.icon} aria-hidden="true" />
      <div className={classes.words}>
        <p className={classes.title}>{title}</p>
        <p>{sentence}</p>
        <TechnicalPart text={failure.technical} />
      </div>
      <Button size="sm" variant="default" onClick={() => connect(stores)}>
        {t('frame.retry')}
      </Button>
    </section>
  )
}
