import { AxeBuilder } from '@axe-core/playwright'
import type { Locator, Page } from '@playwright/test'
import { formatFigureValue, formatFileSize } from '#core/figure/format-figure.ts'
import type { MaybeFigure } from '#core/figure/figure.ts'
import type { MemoryParts } from '#core/plan/plan.ts'
import { expect, test } from './app-test.ts'
import { runCliJson } from './run-cli.ts'

/** Made-up hardware, so that every machine that runs this sees the same plans. */
const AS_IF = 'as-if=RTX+3060,+64+GB'
const MODEL = '/models/Qwen/Qwen3-8B'

/** What the command line prints of a plan, as far as the page shows it. */
interface PlanJson {
  readonly fileBytes: { readonly value: number }
  readonly fit: 'fits' | 'tight' | 'no'
  readonly decode: MaybeFigure
  readonly prefill: MaybeFigure
  readonly timeToFirstToken: MaybeFigure
  readonly throughput: MaybeFigure
  readonly quality: MaybeFigure
  readonly agreement: MaybeFigure
  readonly pools: readonly { readonly label: string; readonly memory: MemoryParts }[]
  readonly ladder: readonly {
    readonly quantization: string
    readonly contextTokens: number
    readonly fit: string
    readonly totalBytes: number
  }[]
}

const memory = (app: Page): Locator => app.getByRole('region', { name: 'Memory' })
const ladder = (app: Page): Locator => app.getByRole('grid', { name: /^Fit, memory and decode speed/ })

/** The bytes of one part of the first pool, as written. */
async function partOf(app: Page, part: string): Promise<string> {
  return memory(app)
    .getByRole('row', { name: new RegExp(`^${part}`) })
    .first()
    .getByRole('cell')
    .innerText()
}

/** The ladder's cell by row header and column header. */
async function cellOf(app: Page, quantization: string, context: string): Promise<Locator> {
  const contexts = await ladder(app).getByRole('columnheader').allTextContents()
  return ladder(app)
    .getByRole('row')
    .filter({ has: app.getByRole('rowheader', { name: quantization, exact: true }) })
    .getByRole('gridcell')
    .nth(contexts.indexOf(context) - 1)
    .getByRole('button')
}

test.describe('the page of a model', () => {
  test('shows the same numbers as the command line for the same plan, to the last digit', async ({
    app,
    openAt,
    dataFolder,
  }) => {
    const plan = await runCliJson<PlanJson>(
      [
        'plan',
        'Qwen/Qwen3-8B',
        '--quant',
        'Q5_K_M',
        '--context',
        '16384',
        '--users',
        '3',
        '--kv',
        'q8_0',
      ].concat(['--gpu', 'RTX 3060', '--ram', '64GB']),
      dataFolder,
    )
    await openAt(`${MODEL}?${AS_IF}&quant=Q5_K_M&context=16384&users=3&kv=q8_0`)
    await expect(memory(app)).toBeVisible()
    for (const pool of plan.pools) {
      const table = memory(app).getByRole('table', { name: `Memory of ${pool.label}` })
      for (const [name, figure] of [
        ['Weights', pool.memory.weights],
        ['KV cache', pool.memory.kvCache],
        ['Compute', pool.memory.compute],
        ['Overhead', pool.memory.overhead],
        ['Total', pool.memory.total],
        ['Budget', pool.memory.budget],
      ] as const) {
        await expect(table.getByRole('row', { name: new RegExp(`^${name}`) })).toContainText(
          formatFigureValue(figure),
        )
      }
    }
    await expect(memory(app)).toContainText(formatFileSize(plan.fileBytes.value))
    const speed = app.getByRole('region', { name: 'Speed' })
    for (const figure of [plan.decode, plan.prefill, plan.timeToFirstToken, plan.throughput]) {
      await expect(speed).toContainText(formatFigureValue(figure))
    }
    const quality = app.getByRole('region', { name: 'Quality' })
    await expect(quality).toContainText(formatFigureValue(plan.quality))
    await expect(quality).toContainText(formatFigureValue(plan.agreement))
    for (const cell of plan.ladder.filter(({ contextTokens }) => contextTokens === 16_384)) {
      const shown = await cellOf(app, cell.quantization, '16k')
      const total = { value: cell.totalBytes, unit: 'bytes', basis: 'estimated', source: 'ladder' } as const
      await expect(shown).toContainText(formatFigureValue(total))
      await expect(shown).toContainText({ fits: 'Fits', tight: 'Tight', no: 'Does not fit' }[cell.fit] ?? '')
    }
  })

  test('opens at the plan of a link, and answers a slider at once', async ({ app, openAt }) => {
    await openAt(`${MODEL}?${AS_IF}&quant=Q4_K_M&context=4096&users=2`)
    await expect(app.getByRole('combobox', { name: 'Quantization' })).toHaveValue('Q4_K_M')
    await expect(app.getByText('2 users', { exact: true })).toBeVisible()
    const before = await partOf(app, 'KV cache')
    await app.getByRole('slider', { name: 'Context per user' }).press('ArrowRight')
    await expect(app.getByText('8k tokens', { exact: true })).toBeVisible()
    const after = await partOf(app, 'KV cache')
    expect(Number.parseFloat(after)).toBeCloseTo(2 * Number.parseFloat(before), 1)
    await expect(app).toHaveURL(/context=8192/)
  })

  test('changes with users, cache type, layers and flash attention', async ({ app, openAt }) => {
    await openAt(`${MODEL}?${AS_IF}&quant=Q4_K_M&context=8192`)
    const cache = async (): Promise<number> => Number.parseFloat(await partOf(app, 'KV cache'))
    const one = await cache()
    await app.getByRole('slider', { name: 'Users at once' }).press('ArrowRight')
    await expect.poll(cache).toBeGreaterThan(1.9 * one)
    await app.getByText('q8_0', { exact: true }).click()
    await expect(app).toHaveURL(/kv=q8_0/)
    await expect.poll(cache).toBeLessThan(1.2 * one)
    await app.getByRole('switch', { name: 'auto' }).uncheck()
    await app.getByRole('slider', { name: 'Layers on the GPU' }).press('Home')
    await expect(memory(app)).toContainText('all in RAM, on the processor')
    await expect(app).toHaveURL(/gpu-layers=0/)
    await app.getByRole('switch', { name: 'Flash attention' }).uncheck()
    await expect(app.getByText(/quantized V cache needs flash attention/)).toBeVisible()
    await app.getByRole('button', { name: 'Back to the best plan' }).click()
    await expect(app).not.toHaveURL(/kv=|gpu-layers|flash/)
  })

  test('takes a cell of the ladder by click and by keyboard, and goes back to the one before', async ({
    app,
    openAt,
  }) => {
    await openAt(`${MODEL}?${AS_IF}&quant=Q8_0&context=4096`)
    await (await cellOf(app, 'Q4_K_M', '16k')).click()
    await expect(app).toHaveURL(/quant=Q4_K_M.*context=16384|context=16384.*quant=Q4_K_M/)
    await expect(app.getByRole('combobox', { name: 'Quantization' })).toHaveValue('Q4_K_M')
    await expect(ladder(app).locator('[aria-selected="true"]')).toHaveCount(1)
    await app.keyboard.press('ArrowLeft')
    await app.keyboard.press('Enter')
    await expect(app).toHaveURL(/context=8192/)
    await app.goBack()
    await expect(app).toHaveURL(/context=16384/)
    await app.goBack()
    await expect(app.getByRole('combobox', { name: 'Quantization' })).toHaveValue('Q8_0')
    await app.goForward()
    await expect(app.getByRole('combobox', { name: 'Quantization' })).toHaveValue('Q4_K_M')
  })

  test('plans for another GPU, and every page follows', async ({ app, openAt }) => {
    await openAt(`${MODEL}?${AS_IF}`)
    const hardware = app.getByRole('combobox', { name: 'Hardware' })
    await hardware.fill('H100')
    await app.getByRole('option', { name: /H100/ }).first().click()
    await expect(memory(app)).toContainText(/H100/)
    await expect(app.getByRole('button', { name: /^Machine: as if: .*H100/ })).toBeVisible()
  })

  test('lets the user use the reserve, saying the risk', async ({ app, openAt }) => {
    await openAt(`/models/deepseek-ai/DeepSeek-V3?${AS_IF}`)
    await expect(app.getByText('Nothing of this model fits on this machine')).toBeVisible()
    await expect(memory(app)).toContainText('Does not fit')
    await app.getByRole('button', { name: 'Use the reserve' }).click()
    await expect(memory(app).getByText(/nothing is kept free/)).toBeVisible()
    await expect(app.getByRole('button', { name: 'Guardrails: Uses the reserve' })).toBeVisible()
    await app.getByRole('button', { name: 'Keep the reserve' }).click()
    await expect(app.getByRole('button', { name: 'Use the reserve' })).toBeVisible()
  })

  test('says of a model that no engine runs what can be done', async ({ app, openAt }) => {
    await openAt(`/models?${AS_IF}&sort=fit&order=descending`)
    await app.getByRole('grid', { name: 'Models' }).getByRole('link').first().click()
    await expect(app.getByRole('heading', { name: 'No engine here runs this model' })).toBeVisible()
    await app.getByRole('link', { name: 'Show models of the same kind that run here' }).click()
    await expect(app.getByRole('grid', { name: 'Models' })).toBeVisible()
  })

  test('names the nearest models where an address has a name wrong', async ({ app, openAt }) => {
    await openAt('/models/gemma-3-27')
    await expect(app.getByRole('heading', { level: 1, name: 'No such model' })).toBeVisible()
    await app.getByRole('link', { name: /Gemma 3 27B/ }).click()
    await expect(app.getByRole('heading', { level: 1 })).toContainText('Gemma 3 27B')
  })
})

for (const colorScheme of ['light', 'dark'] as const) {
  test(`the page of a model has no barrier axe can find in ${colorScheme}`, async ({ app, openAt, host }) => {
    await app.emulateMedia({ colorScheme })
    for (const address of [`${MODEL}?${AS_IF}`, `/models/deepseek-ai/DeepSeek-V3?${AS_IF}`]) {
      await openAt(address)
      await expect(ladder(app)).toBeVisible()
      const { violations } = await new AxeBuilder({ page: app })
        .setLegacyMode(host === 'desktop')
        .withTags(['wcag2a', 'wcag2aa', 'wcag21aa', 'wcag22aa'])
        .analyze()
      expect(
        violations.map(({ id, nodes }) => `${id}: ${nodes.map((node) => node.html).join(' | ')}`),
      ).toEqual([])
    }
  })
}
