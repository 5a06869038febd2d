import { Button, Checkbox, Skeleton } from '@mantine/core'
import { useState } from 'react'
import { useTranslation } from 'react-i18next'
import type { RepositoryFiles } from '#contract/library.ts'
import { InlineFailure } from '../../../components/state-message/inline-failure.tsx'
import classes from '../library.module.css'
import type { ChosenSource } from './choose-source.ts'
import { HubToken } from './hub-token.tsx'
import { RepositoryTable } from './repository-table.tsx'
import { useRepository } from './use-repository.ts'

export type RepositorySource = Extract<ChosenSource, { readonly kind: 'repository' }>

interface RepositorySectionProps {
  readonly source: RepositorySource
  /** The quantization that the address asks for. */
  readonly quantizationId: string | null
}

/** What one repository offers, what its license asks, and how to get in. */
export function RepositorySection({ source, quantizationId }: RepositorySectionProps) {
  const { t } = useTranslation()
  const { repository, revision, model, isReplacement } = source
  const [turn, setTurn] = useState(0)
  const asked = useRepository({ repository, revision }, turn)
  const askAgain = () => setTurn(turn + 1)
  return (
    <div className={classes.section}>
      <h3>{t('library.files', { repository })}</h3>
      {isReplacement && model !== null ? (
        <p className="lighter">{t('library.insteadOf', { model: model.name })}</p>
      ) : null}
      {asked.kind === 'asking' ? (
        <div role="status" aria-label={t('library.asking', { repository })}>
          <Skeleton height={24} mb={12} />
          <Skeleton height={24} mb={12} />
          <Skeleton height={24} />
        </div>
      ) : null}
      {asked.kind === 'failed' ? (
        <>
          <InlineFailure failure={asked.failure} />
          {asked.wantsToken ? <HubToken repository={repository} onChange={askAgain} /> : null}
          <div>
            <Button size="compact-sm" variant="default" onClick={askAgain}>
              {t('library.again')}
            </Button>
          </div>
        </>
      ) : null}
      {asked.kind === 'known' ? (
        <Offer
          key={`${asked.files.repository} ${asked.files.revision}`}
          offered={asked.files}
          source={source}
          quantizationId={quantizationId}
          onToken={askAgain}
        />
      ) : null}
    </div>
  )
}

interface OfferProps extends RepositorySectionProps {
  readonly offered: RepositoryFiles
  readonly onToken: () => void
}

function Offer({ offered, source, quantizationId, onToken }: OfferProps) {
  const { t } = useTranslation()
  const [accepted, setAccepted] = useState(false)
  const { license, licenseUrl, mustAccept, gated, repository, files } = offered
  return (
    <>
      {gated ? <HubToken repository={repository} onChange={onToken} /> : null}
      <div className={classes.note}>
        <p>
          {license === null ? t('library.licenseNone') : t('library.licenseIs', { license })}
          {'. '}
          <WebLink href={licenseUrl} text={t('library.readLicense', { url: licenseUrl })} />
        </p>
        {mustAccept ? (
          <Checkbox
            label={t('library.accept')}
            checked={accepted}
            onChange={(event) => setAccepted(event.currentTarget.checked)}
          />
        ) : null}
      </div>
      {files.length === 0 ? (
        <p>{t('library.noGguf', { repository })}</p>
      ) : (
        <RepositoryTable
          offered={offered}
          revision={source.revision}
          model={source.model}
          quantizationId={quantizationId}
          accepted={accepted}
        />
      )}
    </>
  )
}

/** The address comes from the hub: only a web address becomes a link. */
function WebLink({ href, text }: { readonly href: string; readonly text: string }) {
  if (!/^https?:\/\//i.test(href)) return text
  return (
    <a href={href} target="_blank" rel="noreferrer">
      {text}
    </a>
  )
}
