import { ActionIcon, Tooltip } from '@mantine/core'
import type { ReactNode } from 'react'

interface IconButtonProps {
  /** What the button does, as a verb; read out and shown on hover. */
  readonly label: string
  readonly onClick: () => void
  readonly children: ReactNode
}

/** A button that shows only an icon. */
export function IconButton({ label, onClick, children }: IconButtonProps) {
  return (
    <Tooltip label={label} openDelay={300}>
      <ActionIcon variant="subtle" color="gray" size={36} aria-label={label} onClick={onClick}>
        {children}
      </ActionIcon>
    </Tooltip>
  )
}
