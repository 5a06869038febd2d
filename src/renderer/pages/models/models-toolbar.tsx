import { Button, Checkbox, NativeSelect, TextInput } from '@mantine/core'
import { IconSearch } from '@tabler/icons-react'
import { useTranslation } from 'react-i18next'
import { LICENSE_NEEDS } from '#core/advise/needs.ts'
import { NO_FILTERS, hasFilters } from './filter-rows.ts'
import type { ModelFilters } from './filter-rows.ts'
import type { ModelsView } from './models-view.ts'
import classes from './models-page.module.css'

const FIT = ['any', 'runs', 'fits'] as const
const KINDS = ['any', 'chat', 'reasoning', 'vision', 'code', 'base', 'embedding'] as const
const SIZES = ['any', 'to-4b', '4b-16b', '16b-40b', 'from-40b'] as const

interface ModelsToolbarProps {
  readonly view: ModelsView
  readonly onView: (view: ModelsView) => void
  readonly developers: readonly string[]
  readonly modalities: readonly string[]
  readonly ownModels: boolean
}

/** Search and filters, in one line above the table. */
export function ModelsToolbar(props: ModelsToolbarProps) {
  const { view, onView, developers, modalities, ownModels } = props
  const { t } = useTranslation()
  const { filters } = view
  const change = (part: Partial<ModelFilters>): void => onView({ ...view, filters: { ...filters, ...part } })
  return (
    <div className={classes.toolbar} role="search">
      <TextInput
        type="search"
        size="xs"
        className={classes.search}
        aria-label={t('models.search')}
        placeholder={t('models.search')}
        leftSection={<IconSearch size={14} aria-hidden />}
        value={filters.search}
        onChange={(event) => change({ search: event.currentTarget.value })}
      />
      <Choice
        label={t('models.filterFit')}
        value={filters.fit}
        options={FIT.map((value) => ({ value, label: t(`models.fit.${value}`) }))}
        onChoose={(fit) => change({ fit })}
      />
      <Choice
        label={t('models.filterKind')}
        value={filters.kind}
        options={KINDS.map((value) => ({ value, label: t(`models.kind.${value}`) }))}
        onChoose={(kind) => change({ kind })}
      />
      <Choice
        label={t('models.filterSize')}
        value={filters.size}
        options={SIZES.map((value) => ({ value, label: t(`models.sizeBand.${value}`) }))}
        onChoose={(size) => change({ size })}
      />
      <Choice
        label={t('models.filterLicense')}
        value={filters.license}
        options={LICENSE_NEEDS.map((value) => ({ value, label: t(`models.license.${value}`) }))}
        onChoose={(license) => change({ license })}
      />
      <Choice
        label={t('models.filterDeveloper')}
        value={filters.developer}
        options={withAny(t('models.anyDeveloper'), developers)}
        onChoose={(developer) => change({ developer })}
      />
      <Choice
        label={t('models.filterModality')}
        value={filters.modality}
        options={withAny(t('models.anyModality'), modalities)}
        onChoose={(modality) => change({ modality })}
      />
      {ownModels ? (
        <Checkbox
          size="xs"
          label={t('models.own')}
          checked={filters.own}
          onChange={(event) => change({ own: event.currentTarget.checked })}
        />
      ) : null}
      {hasFilters(filters) ? (
        <Button size="compact-sm" variant="subtle" onClick={() => onView({ ...view, filters: NO_FILTERS })}>
          {t('models.clearFilters')}
        </Button>
      ) : null}
    </div>
  )
}

interface Option<T extends string> {
  readonly value: T
  readonly label: string
}

interface ChoiceProps<T extends string> {
  readonly label: string
  readonly value: T
  readonly options: readonly Option<T>[]
  readonly onChoose: (value: T) => void
}

function Choice<T extends string>({ label, value, options, onChoose }: ChoiceProps<T>) {
  return (
    <NativeSelect
      size="xs"
      aria-label={label}
      className={classes.choice}
      data-active={value !== 'any' || undefined}
      value={value}
      data={[...options]}
      onChange={(event) => {
        const chosen = options.find((option) => option.value === event.currentTarget.value)
        if (chosen !== undefined) onChoose(chosen.value)
      }}
    />
  )
}

function withAny(any: string, values: readonly string[]): readonly Option<string>[] {
  return [{ value: 'any', label: any }, ...values.map((value) => ({ value, label: value }))]
}
