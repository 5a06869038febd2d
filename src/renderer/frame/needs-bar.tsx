import { useMantineColorScheme, useComputedColorScheme } from '@mantine/core'
import { useMediaQuery } from '@mantine/hooks'
import { spotlight } from '@mantine/spotlight'
import { IconMoon, IconSearch, IconSun } from '@tabler/icons-react'
import { useTranslation } from 'react-i18next'
import { useWhatIfProblem } from '../app/use-advice.ts'
import { useWhatIf } from '../app/use-stores.ts'
import { IconButton } from '../components/icon-button/icon-button.tsx'
import { MachineChip } from './machine-chip.tsx'
import { NeedsChips, NeedsSummaryChip } from './needs-chips.tsx'
import classes from './needs-bar.module.css'

/** How the palette's keys are written on this system. */
const SHORTCUT = /Mac|iPhone|iPad/.test(navigator.userAgent) ? '⌘K' : 'Ctrl+K'

const SUMMARY_QUERY = '(max-width: 700px)'

/** The app's one set of inputs, and the two tools every page has. */
export function NeedsBar() {
  const { t } = useTranslation()
  const problem = useWhatIfProblem()
  const asIf = useWhatIf() !== null && problem === null
  const summary = useMediaQuery(SUMMARY_QUERY, window.matchMedia(SUMMARY_QUERY).matches)
  return (
    <header className={classes.bar} data-as-if={asIf}>
      <div className={classes.chips} role="group" aria-label={t('needs.bar')}>
        <MachineChip />
        {summary ? <NeedsSummaryChip /> : <NeedsChips />}
      </div>
      <div className={classes.tools}>
        <IconButton label={t('frame.commandsWith', { keys: SHORTCUT })} onClick={spotlight.open}>
          <IconSearch size={18} />
        </IconButton>
        <ThemeToggle />
      </div>
    </header>
  )
}

function ThemeToggle() {
  const { t } = useTranslation()
  const { setColorScheme } = useMantineColorScheme()
  const dark = useComputedColorScheme('light') === 'dark'
  return (
    <IconButton
      label={t(dark ? 'frame.toLight' : 'frame.toDark')}
      onClick={() => setColorScheme(dark ? 'light' : 'dark')}
    >
      {dark ? <IconSun size={18} /> : <IconMoon size={18} />}
    </IconButton>
  )
}
