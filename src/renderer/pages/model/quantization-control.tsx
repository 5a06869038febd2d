import { Select } from '@mantine/core'
import { useTranslation } from 'react-i18next'
import type { Quantization } from '#core/quant/quantization.ts'

interface QuantizationControlProps {
  readonly chosenId: string
  readonly quantizations: readonly Quantization[]
  readonly onChoose: (id: string) => void
}

/** The quantization, with its one sentence under it. */
export function QuantizationControl({ chosenId, quantizations, onChoose }: QuantizationControlProps) {
  const { t } = useTranslation()
  return (
    <Select
      size="xs"
      allowDeselect={false}
      searchable
      label={t('model.quantization')}
      description={quantizations.find(({ id }) => id === chosenId)?.summary}
      inputWrapperOrder={['label', 'input', 'description']}
      data={quantizations.map(({ id }) => id)}
      value={chosenId}
      onChange={(id) => {
        if (id !== null) onChoose(id)
      }}
    />
  )
}
