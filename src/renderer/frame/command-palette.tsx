import { Spotlight } from '@mantine/spotlight'
import { matchingCommands, type CommandGroup } from './matching-commands.ts'
import { useMantineColorScheme } from '@mantine/core'
import { IconSearch } from '@tabler/icons-react'
import { useState } from 'react'
import { useTranslation } from 'react-i18next'
import { useLocation } from 'wouter'
import { planHref } from '../app/routes.ts'
import { useCatalogue } from '../app/use-advice.ts'
import { useStores, useWhatIf } from '../app/use-stores.ts'
import { PAGES } from './rail-links.tsx'

/** Everything reachable by typing: pages, models and actions (⌘K, Ctrl+K). */
export function CommandPalette() {
  const { t } = useTranslation()
  const [query, setQuery] = useState('')
  const commands = useCommands()
  return (
    <Spotlight
      query={query}
      onQueryChange={setQuery}
      actions={matchingCommands(query, commands)}
      shortcut={['mod + K']}
      limit={14}
      scrollable
      maxHeight={420}
      highlightQuery={false}
      overlayProps={{ blur: 0, backgroundOpacity: 0.4 }}
      filter={(_, found) => found}
      nothingFound={t('frame.nothingFound')}
      searchProps={{
        leftSection: <IconSearch size={18} aria-hidden="true" />,
        placeholder: t('frame.commandsHint'),
        'aria-label': t('frame.commands'),
      }}
    />
  )
}

function useCommands(): CommandGroup[] {
  const { t } = useTranslation()
  const [, navigate] = useLocation()
  const { setColorScheme } = useMantineColorScheme()
  const stores = useStores()
  const catalogue = useCatalogue()
  const whatIf = useWhatIf()
  const pages = PAGES.map(({ path, name }) => ({ id: path, label: t(name), onClick: () => navigate(path) }))
  const actions = [
    { id: 'scan', label: t('machine.scanAgain'), onClick: () => void stores.machine.scanAgain() },
    { id: 'light', label: t('frame.toLight'), onClick: () => setColorScheme('light') },
    { id: 'dark', label: t('frame.toDark'), onClick: () => setColorScheme('dark') },
    { id: 'defaults', label: t('needs.resetAll'), onClick: () => stores.needs.getState().reset() },
    ...(whatIf === null
      ? []
      : [
          {
            id: 'real',
            label: t('needs.backToReal'),
            onClick: () => stores.whatIf.getState().choose(null),
          },
        ]),
  ]
  const models = (catalogue?.models ?? []).map((model) => ({
    id: model.id,
    label: model.name,
    description: model.developer,
    onClick: () => navigate(planHref({ modelId: model.id })),
  }))
  return [
    { group: t('frame.goTo'), actions: pages },
    { group: t('frame.actions'), actions },
    { group: t('frame.modelsGroup'), actions: models },
  ]
}
