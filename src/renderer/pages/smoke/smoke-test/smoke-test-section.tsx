import { Button } from '@mantine/core'
import { useTranslation } from 'react-i18next'
import { useStore } from 'zustand'
import type { OpenWish } from '#contract/chatting.ts'
import { useStores } from '../../../app/use-stores.ts'
import { InlineFailure } from '../../../components/state-message/inline-failure.tsx'
import { openWishOf, type ChosenModel } from '../../../stores/chosen-model-store.ts'
import { CheckList } from './check-list.tsx'
import { SmokeRunning } from './smoke-running.tsx'
import { SmokeResults } from './smoke-results.tsx'
import classes from './smoke-test.module.css'

/** One button that says whether a model works, and what came of it. */
export function SmokeTestSection() {
  const { t } = useTranslation()
  const { chat, chosenModel, smoke } = useStores()
  const chosen = useStore(chosenModel)
  const state = useStore(smoke)
  const isAnswering = useStore(chat, ({ coming }) => coming !== null)
  const wishes = wishesOf(chosen)
  const start = (): void => void smoke.run(wishes)
  return (
    <section className={classes.section}>
      <h2>{t('smoke.testTitle')}</h2>
      {state.kind === 'running' ? (
        <SmokeRunning state={state} />
      ) : (
        <>
          <p className="lighter">{t(introOf(chosen))}</p>
          <Button className={classes.start} disabled={isAnswering} onClick={start}>
            {t(wishes.length > 1 ? 'smoke.testBoth' : 'smoke.test')}
          </Button>
        </>
      )}
      {state.kind === 'done' ? <SmokeResults tests={state.tests} /> : null}
      {state.kind === 'cancelled' ? <p role="status">{t('smoke.testCancelled')}</p> : null}
      {state.kind === 'idle' ? <CheckList results={[]} current={null} /> : null}
      {state.kind === 'failed' ? (
        <>
          <InlineFailure failure={state.failure} />
          <SmokeResults tests={state.tests} />
          {state.canForce ? (
            <Button
              variant="default"
              color="red"
              className={classes.start}
              onClick={() => void smoke.run(state.wishes.map((wish) => ({ ...wish, force: true })))}
            >
              {t('smoke.force')}
            </Button>
          ) : null}
        </>
      ) : null}
    </section>
  )
}

/** The chosen model, and beside it the second one, or the same without its adapter. */
function wishesOf(chosen: ChosenModel): readonly OpenWish[] {
  const first = openWishOf(chosen, chosen.target, false)
  if (chosen.other !== null) return [first, openWishOf(chosen, chosen.other, false)]
  return first.adapters.length === 0 ? [first] : [{ ...first, adapters: [] }, first]
}

function introOf({ adapters, other }: ChosenModel) {
  if (other !== null) return 'smoke.testIntroBoth'
  return adapters.length > 0 ? 'smoke.testIntroAdapter' : 'smoke.testIntro'
}
