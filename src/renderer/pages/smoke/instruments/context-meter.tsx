import { Progress } from '@mantine/core'
import { useTranslation } from 'react-i18next'
import { formatCount } from '#core/figure/format-figure.ts'
import classes from './instruments.module.css'

interface ContextMeterProps {
  readonly usedTokens: number
  /** Null where an endpoint does not say. */
  readonly contextTokens: number | null
}

/** From here on the next long answer may not fit. */
const NEARLY_FULL_SHARE = 0.85

/** How full the context is. */
export function ContextMeter({ usedTokens, contextTokens }: ContextMeterProps) {
  const { t } = useTranslation()
  if (contextTokens === null) return null
  const share = usedTokens / contextTokens
  const isNearlyFull = share > NEARLY_FULL_SHARE
  const words = t('smoke.contextUsed', { used: formatCount(usedTokens), total: formatCount(contextTokens) })
  return (
    <div className={classes.context}>
      <p>
        {words}
        {isNearlyFull ? ` ${t('smoke.contextNearlyFull')}` : ''}
      </p>
      <Progress
        value={share * 100}
        color={isNearlyFull ? 'orange' : 'indigo'}
        aria-label={words}
        transitionDuration={100}
      />
    </div>
  )
}
