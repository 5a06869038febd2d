import { Popover, UnstyledButton } from '@mantine/core'
import { IconChevronDown } from '@tabler/icons-react'
import { useState } from 'react'
import type { ReactNode } from 'react'
import classes from './needs-bar.module.css'

interface NeedsChipProps {
  /** What it sets: "Use case". */
  readonly name: string
  /** What it is set to: "Chat". */
  readonly value: string
  readonly tone?: 'plain' | 'warning' | 'machine'
  readonly width?: number
  /** The editor; `close` shuts it and gives the focus back to the chip. */
  readonly children: (close: () => void) => ReactNode
}

/** One need as a chip that opens its editor. */
export function NeedsChip({ name, value, tone = 'plain', width = 320, children }: NeedsChipProps) {
  const [open, setOpen] = useState(false)
  return (
    <Popover
      opened={open}
      onChange={setOpen}
      position="bottom-start"
      width={width}
      trapFocus
      returnFocus
      withinPortal
      shadow="md"
    >
      <Popover.Target>
        <UnstyledButton
          className={classes.chip}
          data-tone={tone}
          title={value}
          aria-label={`${name}: ${value}`}
          onClick={() => setOpen(!open)}
        >
          <span className={classes.value}>{value}</span>
          <IconChevronDown size={14} aria-hidden="true" className={classes.chevron} />
        </UnstyledButton>
      </Popover.Target>
      <Popover.Dropdown className={classes.editor} aria-label={name}>
        {open ? children(() => setOpen(false)) : null}
      </Popover.Dropdown>
    </Popover>
  )
}
