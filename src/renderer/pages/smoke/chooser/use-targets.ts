import { useMemo } from 'react'
import { useTranslation } from 'react-i18next'
import { useStore } from 'zustand'
import type { Target } from '#contract/chatting.ts'
import type { LibraryFile } from '#contract/library.ts'
import type { Catalogue } from '#core/catalogue/catalogue.ts'
import { formatFileSize } from '#core/figure/format-figure.ts'
import { fileFit } from '#core/library/file-fit.ts'
import type { Machine } from '#core/machine/machine.ts'
import type { Fit } from '#core/plan/plan.ts'
import { useCalibratedCatalogue } from '../../../app/use-advice.ts'
import { useLibrary, useMachineState, useStores } from '../../../app/use-stores.ts'
import { targetKey } from '../../../stores/chosen-model-store.ts'

interface TargetItem {
  readonly value: string
  readonly label: string
}

/** Everything that can be asked here, as a list to choose from. */
export interface Targets {
  readonly groups: { readonly group: string; readonly items: TargetItem[] }[]
  readonly targetOf: (key: string | null) => Target | null
}

/** The pilot, the models of the library and those of the endpoints. */
export function useTargets(): Targets {
  const { t } = useTranslation()
  const { chosenModel, endpoints } = useStores()
  const files = useLibrary((state) => state.files)
  const chosen = useStore(chosenModel, (state) => state.target)
  // What runs, runs here, whatever hardware the needs bar pretends.
  const machine = useMachineState((state) => state.machine)
  const catalogue = useCalibratedCatalogue()
  const list = useStore(endpoints, (state) => state.list)
  const models = useStore(endpoints, (state) => state.models)
  return useMemo(() => {
    const pilot: Target = { kind: 'pilot' }
    const labelOf = (file: LibraryFile) => {
      const isTooLarge = machine !== null && catalogue !== null && fitOf(file, machine, catalogue) === 'no'
      return isTooLarge ? `${fileLabel(file)} · ${t('smoke.tooLarge')}` : fileLabel(file)
    }
    const found: { readonly group: string; readonly entries: (readonly [Target, string])[] }[] = [
      { group: t('smoke.groupPilot'), entries: [[pilot, t('smoke.pilot')]] },
      { group: t('smoke.groupFiles'), entries: fileEntries(files, chosen, labelOf) },
      ...(list ?? []).map(({ endpoint }) => ({
        group: endpoint.name,
        entries: (models[endpoint.id] ?? []).map((model): readonly [Target, string] => [
          { kind: 'endpoint', endpointId: endpoint.id, model },
          model,
        ]),
      })),
    ]
    const byKey = new Map(
      found.flatMap(({ entries }) => entries.map(([target]) => [targetKey(target), target] as const)),
    )
    return {
      groups: found
        .filter(({ entries }) => entries.length > 0)
        .map(({ group, entries }) => ({
          group,
          items: entries.map(([target, label]) => ({ value: targetKey(target), label })),
        })),
      targetOf: (key) => (key === null ? null : (byKey.get(key) ?? null)),
    }
  }, [catalogue, chosen, files, list, machine, models, t])
}

/** Models of the library; the one that is chosen also where the library has not been read yet. */
function fileEntries(
  files: readonly LibraryFile[],
  chosen: Target,
  labelOf: (file: LibraryFile) => string,
): (readonly [Target, string])[] {
  const entries = files
    .filter(({ header, place }) => header?.kind === 'model' && place !== 'pilot')
    .map((file): readonly [Target, string] => [{ kind: 'file', path: file.path }, labelOf(file)])
  const isListed = entries.some(([target]) => targetKey(target) === targetKey(chosen))
  if (chosen.kind !== 'file' || isListed) return entries
  return [[chosen, chosen.path.split(/[/\\]/).at(-1) ?? chosen.path], ...entries]
}

/** "Qwen3 8B · Q4_K_M · 5.0 GB": two quantizations of a model must not look alike. */
function fileLabel({ fileBytes, header, name }: LibraryFile): string {
  const quantization = header?.quantizationId ?? header?.quantizationName ?? ''
  return [name, quantization, formatFileSize(fileBytes)].filter((part) => part !== '').join(' · ')
}

function fitOf(
  { fileBytes, header, match }: LibraryFile,
  machine: Machine,
  catalogue: Catalogue,
): Fit | null {
  if (header === null) return null
  return fileFit({ header, fileBytes, modelId: match?.modelId ?? null }, machine, catalogue)?.fit ?? null
}
