import { Button, type ButtonProps } from '@mantine/core'
import { useEffect } from 'react'
import { useTranslation } from 'react-i18next'
import { Link } from 'wouter'
import { libraryHref, smokeHref } from '../../app/routes.ts'
import { useCatalogue } from '../../app/use-advice.ts'
import { useLibrary, useStores } from '../../app/use-stores.ts'
import { fileOfModel } from './file-of-model.ts'

interface GetModelProps extends Pick<ButtonProps, 'size' | 'variant'> {
  readonly modelId: string
  readonly quantizationId: string
}

/** The way from a plan to the model itself: tried where its file is on this machine, fetched where it is known where from. */
export function GetModel({ modelId, quantizationId, size = 'sm', variant = 'default' }: GetModelProps) {
  const { t } = useTranslation()
  const { library } = useStores()
  useEffect(() => void library.load(), [library])
  const file = useLibrary((state) => fileOfModel(state.files, modelId, quantizationId))
  const model = useCatalogue()?.models.find(({ id }) => id === modelId)
  const name = model?.name ?? modelId
  if (file !== null) {
    return (
      <Button
        component={Link}
        href={smokeHref({ file: file.path })}
        size={size}
        variant={variant}
        aria-label={t('library.tryItOf', { name })}
      >
        {t('library.tryIt')}
      </Button>
    )
  }
  const repository = model?.ggufRepository ?? null
  if (repository === null) return null
  return (
    <Button
      component={Link}
      href={libraryHref({ download: repository, quantizationId })}
      size={size}
      variant={variant}
      aria-label={t('library.downloadModelOf', { name })}
    >
      {t('library.downloadModel')}
    </Button>
  )
}
