import { Select } from '@mantine/core'
import { useTranslation } from 'react-i18next'
import type { Quantization } from '#core/quant/quantization.ts'

interface QuantizationControlProps {
  readonly chosen: Quantization
  readonly quantizations: readonly Quantization[]
  readonly onChoose: (id: string) => void
}

/** The quantization, with its one sentence under it. */
export function QuantizationControl({ chosen, quantizations, onChoose }: QuantizationControlProps) {
  const { t } = useTranslation()
  return (
    <Select
      size="xs"
      allowDeselect={false}
      searchable
      label={t('model.quantization')}
      description={chosen.summary}
      inputWrapperOrder={['label', 'input', 'description']}
      data={quantizations.map(({ id }) => id)}
      value={chosen.id}
      onChange={(id) => {
        if (id !== null) onChoose(id)
      }}
    />
  )
}
