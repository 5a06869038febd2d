import { Drawer } from '@mantine/core'
import { useMediaQuery } from '@mantine/hooks'
import { IconMenu2 } from '@tabler/icons-react'
import { useState } from 'react'
import { useTranslation } from 'react-i18next'
import { IconButton } from '../components/icon-button/icon-button.tsx'
import { RailLinks } from './rail-links.tsx'
import classes from './rail.module.css'

/** Below this width the rail is a drawer; below 1000 px (style sheet) it shows icons only. */
const DRAWER_QUERY = '(max-width: 700px)'

/** The list of pages at the left edge. */
export function Rail() {
  const { t } = useTranslation()
  const asDrawer = useMediaQuery(DRAWER_QUERY, window.matchMedia(DRAWER_QUERY).matches)
  const [open, setOpen] = useState(false)
  if (!asDrawer) {
    return (
      <nav className={classes.rail} aria-label={t('frame.pages')}>
        <Product />
        <RailLinks />
      </nav>
    )
  }
  return (
    <>
      <div className={classes.menu}>
        <IconButton label={t('frame.openMenu')} onClick={() => setOpen(true)}>
          <IconMenu2 size={20} />
        </IconButton>
      </div>
      <Drawer
        opened={open}
        onClose={() => setOpen(false)}
        size={240}
        title={t('frame.product')}
        closeButtonProps={{ 'aria-label': t('frame.closeMenu') }}
      >
        <nav aria-label={t('frame.pages')} className={classes.drawer}>
          <RailLinks onChoose={() => setOpen(false)} />
        </nav>
      </Drawer>
    </>
  )
}

function Product() {
  const { t } = useTranslation()
  return (
    <div className={classes.product}>
      <span className={classes.mark} aria-hidden="true" />
      <span className={classes.label}>{t('frame.product')}</span>
    </div>
  )
}
