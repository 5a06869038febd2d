import { Button, TextInput } from '@mantine/core'
import { useState } from 'react'
import { useTranslation } from 'react-i18next'
import { describeMachine } from '#core/machine/describe-machine.ts'
import { useChooseWhatIf } from '../app/use-choose-what-if.ts'
import { useMachineState, useWhatIf } from '../app/use-stores.ts'
import { writeWhatIfText } from '../stores/what-if-text.ts'
import classes from './needs-bar.module.css'
import { WHAT_IF_PRESETS } from './what-if-presets.ts'

/** Chooses between the scanned machine, common hardware, and hardware in the user's own words. */
export function MachineEditor({ onDone }: { readonly onDone: () => void }) {
  const { t } = useTranslation()
  const scanned = useMachineState((state) => state.machine)
  const whatIf = useWhatIf()
  const { ready, choose, chooseText } = useChooseWhatIf()
  const [text, setText] = useState(whatIf === null ? '' : writeWhatIfText(whatIf))
  const [problem, setProblem] = useState<string | null>(null)

  function apply(wanted: string): void {
    setText(wanted)
    const outcome = chooseText(wanted)
    setProblem(outcome)
    if (outcome === null) onDone()
  }

  return (
    <>
      <section className={classes.section}>
        <h2 className={classes.heading}>{t('needs.realMachine')}</h2>
        <p>{scanned === null ? t('needs.machineWaiting') : describeMachine(scanned)}</p>
        {whatIf === null ? null : (
          <>
            <p className={classes.hint}>{t('needs.asIfSentence')}</p>
            <Button
              variant="light"
              onClick={() => {
                choose(null)
                onDone()
              }}
            >
              {t('needs.backToReal')}
            </Button>
          </>
        )}
      </section>
      <section className={classes.section}>
        <h2 className={classes.heading}>{t('needs.tryOther')}</h2>
        <div className={classes.presets} role="group" aria-label={t('needs.presets')}>
          {WHAT_IF_PRESETS.map((preset) => (
            <Button
              key={preset}
              size="compact-sm"
              variant="default"
              disabled={!ready}
              onClick={() => apply(preset)}
            >
              {preset}
            </Button>
          ))}
        </div>
        <form
          className={classes.section}
          onSubmit={(event) => {
            event.preventDefault()
            apply(text)
          }}
        >
          <TextInput
            label={t('needs.freeText')}
            description={t(ready ? 'needs.freeTextHint' : 'needs.catalogueNeeded')}
            placeholder={t('needs.freeTextPlaceholder')}
            value={text}
            error={problem}
            classNames={{ error: classes.problem ?? '' }}
            onChange={(event) => setText(event.currentTarget.value)}
          />
          <Button type="submit" disabled={!ready}>
            {t('needs.apply')}
          </Button>
        </form>
      </section>
    </>
  )
}
