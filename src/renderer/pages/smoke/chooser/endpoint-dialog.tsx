import { Button, Modal } from '@mantine/core'
import { useState } from 'react'
import { useTranslation } from 'react-i18next'
import { useStore } from 'zustand'
import type { KnownEndpoint } from '#contract/endpoints.ts'
import { useStores } from '../../../app/use-stores.ts'
import { InlineFailure } from '../../../components/state-message/inline-failure.tsx'
import classes from './chooser.module.css'
import { EndpointForm } from './endpoint-form.tsx'

interface EndpointDialogProps {
  readonly opened: boolean
  readonly onClose: () => void
}

/** Other engines and APIs: which are known, whether they answer, and the form for another. */
export function EndpointDialog({ opened, onClose }: EndpointDialogProps) {
  const { t } = useTranslation()
  return (
    <Modal opened={opened} onClose={onClose} size="lg" title={t('smoke.endpoints')}>
      {opened ? <Endpoints /> : null}
    </Modal>
  )
}

function Endpoints() {
  const { t } = useTranslation()
  const { endpoints } = useStores()
  const { failure, list } = useStore(endpoints)
  const [edited, setEdited] = useState<KnownEndpoint | 'new' | null>(null)
  const known = list ?? []
  if (edited !== null || known.length === 0) {
    return (
      <EndpointForm
        known={edited === 'new' || edited === null ? null : edited}
        onClose={known.length === 0 ? null : () => setEdited(null)}
        onSaved={() => setEdited(null)}
      />
    )
  }
  return (
    <div className={classes.endpoints}>
      <ul className={classes.list}>
        {known.map((one) => (
          <EndpointItem key={one.endpoint.id} known={one} onEdit={() => setEdited(one)} />
        ))}
      </ul>
      {failure === null ? null : <InlineFailure failure={failure} />}
      <div className={classes.buttons}>
        <Button size="sm" onClick={() => setEdited('new')}>
          {t('smoke.endpointAdd')}
        </Button>
        <Button size="sm" variant="default" onClick={() => void endpoints.load()}>
          {t('smoke.endpointAsk')}
        </Button>
      </div>
    </div>
  )
}

function EndpointItem({ known, onEdit }: { readonly known: KnownEndpoint; readonly onEdit: () => void }) {
  const { t } = useTranslation()
  const { endpoints } = useStores()
  const { endpoint } = known
  const models = useStore(endpoints, (state) => state.models[endpoint.id])
  const failure = useStore(endpoints, (state) => state.failures[endpoint.id])
  return (
    <li className={classes.item}>
      <div className={classes.itemWords}>
        <p className={classes.itemName}>{endpoint.name}</p>
        <p className="lighter">{endpoint.url}</p>
        <KeyWords known={known} />
        {failure === undefined ? (
          <p role="status">
            {models === undefined
              ? t('smoke.endpointAsking')
              : t('smoke.endpointModels', { count: models.length })}
          </p>
        ) : (
          <InlineFailure failure={failure} />
        )}
      </div>
      <div className={classes.buttons}>
        <Button size="compact-sm" variant="default" onClick={onEdit}>
          {t('smoke.endpointEdit')}
        </Button>
        <Button size="compact-sm" variant="default" onClick={() => void endpoints.remove(endpoint.id)}>
          {t('smoke.endpointRemove')}
        </Button>
      </div>
    </li>
  )
}

/** Where its key comes from; the key itself is never here. */
function KeyWords({ known: { key } }: { readonly known: KnownEndpoint }) {
  const { t } = useTranslation()
  switch (key.kind) {
    case 'stored':
      return <p className="lighter">{t('smoke.keyStored')}</p>
    case 'environment':
      return <p className="lighter">{t('smoke.keyEnvironment', { variable: key.variable })}</p>
    case 'missing':
      return (
        <p className="lighter">
          {key.variable === null ? t('smoke.keyNone') : t('smoke.keyMissing', { variable: key.variable })}
        </p>
      )
  }
}
