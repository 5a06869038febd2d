import { IconBooks, IconCpu, IconMessageCircle, IconTable, IconTargetArrow } from '@tabler/icons-react'
import { useTranslation } from 'react-i18next'
import { Link, useLocation } from 'wouter'
import { LIBRARY_PATH, MACHINE_PATH, MODELS_PATH, SMOKE_PATH, VERDICT_PATH } from '../app/routes.ts'
import classes from './rail.module.css'

/** The pages of the rail, in the order of the walk; the palette offers the same ones. */
export const PAGES = [
  { path: VERDICT_PATH, name: 'frame.verdict', Icon: IconTargetArrow },
  { path: MACHINE_PATH, name: 'frame.machine', Icon: IconCpu },
  { path: MODELS_PATH, name: 'frame.models', Icon: IconTable },
  { path: LIBRARY_PATH, name: 'frame.library', Icon: IconBooks },
  { path: SMOKE_PATH, name: 'frame.smoke', Icon: IconMessageCircle },
] as const

export function RailLinks({ onChoose }: { readonly onChoose?: () => void }) {
  const { t } = useTranslation()
  const [location] = useLocation()
  return (
    <ul className={classes.links}>
      {PAGES.map(({ path, name, Icon }) => (
        <li key={path}>
          <Link
            href={path}
            className={classes.link}
            title={t(name)}
            aria-current={isUnder(location, path) ? 'page' : undefined}
            onClick={() => onChoose?.()}
          >
            <Icon size={20} stroke={1.6} aria-hidden="true" />
            <span className={classes.label}>{t(name)}</span>
          </Link>
        </li>
      ))}
    </ul>
  )
}

function isUnder(location: string, path: string): boolean {
  return path === VERDICT_PATH ? location === path : location === path || location.startsWith(`${path}/`)
}
