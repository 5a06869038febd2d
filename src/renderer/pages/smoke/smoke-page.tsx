import { useEffect } from 'react'
import { useTranslation } from 'react-i18next'
import { useSearch } from 'wouter'
import { useStore } from 'zustand'
import { usePageTitle } from '../../app/use-page-title.ts'
import { useStores } from '../../app/use-stores.ts'
import { PageHead } from '../../components/page-head/page-head.tsx'
import { releaseModel } from '../../stores/release-model.ts'
import { ConversationPane } from './conversation/conversation-pane.tsx'
import { ConversationTools } from './conversation/conversation-tools.tsx'
import { Composer } from './conversation/composer.tsx'
import { Instruments } from './instruments/instruments.tsx'
import { ModelChooser } from './chooser/model-chooser.tsx'
import { SmokeTestSection } from './smoke-test/smoke-test-section.tsx'
import classes from './smoke.module.css'

/** A chat with a model of this machine, its numbers beside what was predicted, and the test that it works. */
export function SmokePage() {
  const { t } = useTranslation()
  usePageTitle(t('smoke.title'))
  const { chat, chosenModel, conversations, endpoints, library, otherChat, otherSession, session } =
    useStores()
  const other = useStore(chosenModel, (state) => state.other)
  useAddressedFile()
  useEffect(() => {
    void library.load()
    void endpoints.load()
    void conversations.load()
    // Nobody looks any more: the memory is for others.
    return () => {
      releaseModel(chat, session)
      releaseModel(otherChat, otherSession)
    }
  }, [chat, conversations, endpoints, library, otherChat, otherSession, session])
  return (
    <div className={classes.page}>
      <PageHead small title={t('smoke.title')} actions={<ModelChooser />}>
        <p className="lighter">{t('smoke.intro')}</p>
      </PageHead>
      <div className={classes.columns}>
        <section className={classes.chat} aria-label={t('smoke.chat')}>
          <ConversationTools />
          <div className={classes.panes} data-two={other === null ? undefined : true}>
            <ConversationPane chat={chat} session={session} />
            {other === null ? null : <ConversationPane chat={otherChat} session={otherSession} isOther />}
          </div>
          <Composer />
        </section>
        <aside className={classes.side} aria-label={t('smoke.instruments')}>
          <SmokeTestSection />
          <Instruments chat={chat} session={session} />
          {other === null ? null : <Instruments chat={otherChat} session={otherSession} />}
        </aside>
      </div>
    </div>
  )
}

/** A link may name a file: `/smoke?file=…`. */
function useAddressedFile(): void {
  const { chosenModel } = useStores()
  const file = new URLSearchParams(useSearch()).get('file')
  useEffect(() => {
    if (file !== null) chosenModel.setState({ target: { kind: 'file', path: file }, adapters: [] })
  }, [chosenModel, file])
}
