import { Button, Menu } from '@mantine/core'
import { IconColumns3 } from '@tabler/icons-react'
import { useTranslation } from 'react-i18next'
import { MODEL_COLUMNS } from './model-columns.ts'
import type { ColumnId } from './model-columns.ts'

interface ColumnsMenuProps {
  readonly hidden: readonly ColumnId[]
  readonly onHidden: (hidden: readonly ColumnId[]) => void
}

/** Chooses which columns are shown. */
export function ColumnsMenu({ hidden, onHidden }: ColumnsMenuProps) {
  const { t } = useTranslation()
  return (
    <Menu closeOnItemClick={false} position="bottom-end">
      <Menu.Target>
        <Button
          size="compact-sm"
          variant="subtle"
          color="gray"
          leftSection={<IconColumns3 size={14} aria-hidden />}
        >
          {t('models.columns')}
        </Button>
      </Menu.Target>
      <Menu.Dropdown>
        {MODEL_COLUMNS.filter((column) => !column.fixed).map(({ id }) => {
          const shown = !hidden.includes(id)
          return (
            <Menu.CheckboxItem
              key={id}
              checked={shown}
              onChange={() => onHidden(shown ? [...hidden, id] : hidden.filter((other) => other !== id))}
            >
              {t(`models.column.${id}`)}
            </Menu.CheckboxItem>
          )
        })}
      </Menu.Dropdown>
    </Menu>
  )
}
