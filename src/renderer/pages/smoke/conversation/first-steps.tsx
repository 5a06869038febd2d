import { Button } from '@mantine/core'
import { useTranslation } from 'react-i18next'
import { Link } from 'wouter'
import { useStore } from 'zustand'
import { LIBRARY_PATH } from '../../../app/routes.ts'
import { useStores } from '../../../app/use-stores.ts'
import { useAsking } from '../use-asking.ts'
import classes from './conversation.module.css'

const OF_THE_PILOT = ['quantization', 'lora', 'memory'] as const
const OF_A_MODEL = ['summary', 'code', 'table'] as const

/** An empty conversation: what this model is, and something to ask it. */
export function FirstSteps() {
  const { t } = useTranslation()
  const { chosenModel } = useStores()
  const { ask } = useAsking()
  const isPilot = useStore(chosenModel, (state) => state.target.kind === 'pilot')
  const questions = isPilot
    ? OF_THE_PILOT.map((name) => t(`smoke.ask.${name}`))
    : OF_A_MODEL.map((name) => t(`smoke.ask.${name}`))
  return (
    <div className={classes.first}>
      <p>{isPilot ? t('smoke.pilotIs') : t('smoke.modelIs')}</p>
      <div className={classes.suggestions}>
        {questions.map((question) => (
          <Button key={question} variant="default" size="sm" onClick={() => ask(question)}>
            {question}
          </Button>
        ))}
      </div>
      {isPilot ? (
        <p className="lighter">
          {t('smoke.pilotNext')} <Link href={LIBRARY_PATH}>{t('smoke.toLibrary')}</Link>
        </p>
      ) : null}
    </div>
  )
}
