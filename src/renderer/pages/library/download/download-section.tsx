import { Autocomplete, Button } from '@mantine/core'
import { useEffect, useMemo, useState } from 'react'
import type { SyntheticEvent } from 'react'
import { useTranslation } from 'react-i18next'
import { useLocation, useSearch } from 'wouter'
import { DOWNLOAD_ANCHOR, libraryHref } from '../../../app/routes.ts'
import { useAdvice, useCatalogue } from '../../../app/use-advice.ts'
import { showSection, useSectionAnchor } from '../../../app/use-section-anchor.ts'
import { useLibrary } from '../../../app/use-stores.ts'
import classes from '../library.module.css'
import { chooseSource } from './choose-source.ts'
import { DownloadSettings } from './download-settings.tsx'
import { DownloadsList } from './downloads-list.tsx'
import { RepositorySection } from './repository-section.tsx'
import { useDownloadSettings } from './use-download-settings.ts'

/** Names offered while typing. */
const MOST_SUGGESTIONS = 8

/** Fetches models: which repository, which of its files, and how far each is. */
export function DownloadSection() {
  const { t } = useTranslation()
  useDownloadAnchor()
  const query = new URLSearchParams(useSearch())
  const asked = query.get('download')
  const quantizationId = query.get('quant')
  const settings = useDownloadSettings()
  const catalogue = useCatalogue()
  const mirror = settings.value?.mirror ?? null
  const source = useMemo(
    () => (asked === null ? null : chooseSource(asked, catalogue, mirror)),
    [asked, catalogue, mirror],
  )
  return (
    <section
      id={DOWNLOAD_ANCHOR}
      tabIndex={-1}
      data-asked={asked === null ? undefined : true}
      className={classes.section}
      aria-label={t('library.download')}
    >
      <h2>{t('library.download')}</h2>
      <p className="lighter">{t('library.downloadHint')}</p>
      <SourceBox key={asked ?? ''} asked={asked ?? ''} mirror={mirror} />
      <DownloadsList />
      {source?.kind === 'problem' && catalogue !== null ? (
        <p role="alert" className={classes.problem}>
          {t(`library.sourceProblem.${source.problem}`, {
            host: source.host,
            text: source.name,
            name: source.name,
          })}
        </p>
      ) : null}
      {source?.kind === 'repository' && settings.value !== null ? (
        <RepositorySection source={source} quantizationId={quantizationId} />
      ) : null}
      <DownloadSettings settings={settings} />
    </section>
  )
}

/** Leads to this section, and again when the list above it has grown, unless the reader has moved on. */
function useDownloadAnchor(): void {
  useSectionAnchor(DOWNLOAD_ANCHOR)
  const isListed = useLibrary((state) => state.folders !== null)
  useEffect(() => {
    if (isListed && document.activeElement?.id === DOWNLOAD_ANCHOR) showSection(DOWNLOAD_ANCHOR)
  }, [isListed])
}

interface SourceBoxProps {
  /** What the address says. */
  readonly asked: string
  readonly mirror: string | null
}

/** Takes a repository, an address or a name; what it leads to stands in the address of the page. */
function SourceBox({ asked, mirror }: SourceBoxProps) {
  const { t } = useTranslation()
  const [, navigate] = useLocation()
  const catalogue = useCatalogue()
  const advice = useAdvice()
  const [typed, setTyped] = useState(asked)
  const [problem, setProblem] = useState<string | null>(null)
  const recommended = useMemo(
    () => new Map(advice?.recommendations.map(({ model, plan }) => [model.name, plan.quantizationId])),
    [advice],
  )
  // What is recommended here comes first, in that order.
  const names = useMemo(() => {
    const models = (catalogue?.models ?? []).filter(({ ggufRepository }) => ggufRepository !== null)
    const fetchable = new Set(models.map(({ name }) => name))
    return [...new Set([...recommended.keys(), ...fetchable])].filter((name) => fetchable.has(name))
  }, [catalogue, recommended])

  function show(text: string): void {
    const source = chooseSource(text, catalogue, mirror)
    if (source.kind === 'problem') {
      const { host, name } = source
      setProblem(t(`library.sourceProblem.${source.problem}`, { host, text: name, name }))
      return
    }
    setProblem(null)
    const { repository, revision } = source
    navigate(libraryHref({ download: revision === null ? repository : `${repository}@${revision}` }))
  }

  function submit(event: SyntheticEvent): void {
    event.preventDefault()
    show(typed)
  }

  return (
    <form className={classes.line} onSubmit={submit}>
      <Autocomplete
        className={classes.wide}
        label={t('library.source')}
        placeholder={t('library.sourcePlaceholder')}
        data={names}
        limit={MOST_SUGGESTIONS}
        autoComplete="off"
        spellCheck={false}
        value={typed}
        error={problem}
        onChange={(value) => {
          setTyped(value)
          setProblem(null)
        }}
        onOptionSubmit={show}
        renderOption={({ option }) => {
          const quantization = recommended.get(option.value)
          return quantization === undefined
            ? option.value
            : t('library.suggestion', { name: option.value, quantization })
        }}
      />
      <Button type="submit" variant="default">
        {t('library.showFiles')}
      </Button>
    </form>
  )
}
