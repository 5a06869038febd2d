import path from 'node:path'
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { openAgents } from '#backend/download/proxy-agents.ts'
import { quantizationOfName } from '#backend/download/quantization-of-name.ts'
import { isSafeName } from '#backend/download/safe-name.ts'
import { speedMeter } from '#backend/download/speed-meter.ts'
import { shippedCatalogue } from '../../../test/shipped-catalogue.ts'

describe('isSafeName', () => {
  it.each([
    'model.gguf',
    'Q4_K_M/model-00001-of-00002.gguf',
    'Modell für Käse.gguf',
    'a..b.gguf',
    'console.gguf',
  ])('takes %s', (name) => expect(isSafeName(name)).toBe(true))

  it.each([
    '',
    '..',
    '../x.gguf',
    'a/../../x.gguf',
    'a/./x.gguf',
    '/x.gguf',
    'a//x.gguf',
    'C:\\x.gguf',
    'C:x.gguf',
    'a\\..\\x.gguf',
    'aux.gguf',
    'a/COM1.x.gguf',
    'x.gguf.',
    'x.gguf ',
    ' x.gguf',
    'x\u0000.gguf',
    'x\u001b[2J.gguf',
    'x\u202efugg.gguf',
    'x\ud800.gguf',
    `${'x'.repeat(201)}.gguf`,
    `${'x/'.repeat(250)}y.gguf`,
  ])('refuses %j', (name) => expect(isSafeName(name)).toBe(false))

  it('lets nothing out of its folder', () => {
    const piece = fc.constantFrom('..', '.', '', '/', '\\', 'a', 'C:', '~', '\u0000', 'x.gguf', '%2e%2e')
    fc.assert(
      fc.property(fc.array(piece, { maxLength: 8 }), fc.constantFrom('/', '', '\\'), (pieces, joint) => {
        const name = pieces.join(joint)
        fc.pre(isSafeName(name))
        for (const system of [path.posix, path.win32]) {
          const folder = system.resolve('/models/org/repo')
          const inside = system.relative(folder, system.resolve(folder, name))
          expect(system.isAbsolute(inside)).toBe(false)
          expect(['', '..']).not.toContain(inside.split(/[/\\]/)[0])
        }
      }),
    )
  })
})

describe('quantizationOfName', () => {
  it.each([
    ['Qwen3-8B-Q4_K_M.gguf', 'Q4_K_M'],
    ['qwen3-8b.q8_0.gguf', 'Q8_0'],
    ['Q6_K/model-00001-of-00003.gguf', 'Q6_K'],
    ['Q6_K/model-Q4_0.gguf', 'Q4_0'],
    ['model-f16.gguf', 'F16'],
    ['model-BF16.gguf', 'BF16'],
    ['gpt-oss-20b-mxfp4.gguf', 'MXFP4'],
    ['model-IQ4_XS.gguf', 'IQ4_XS'],
    ['model-Q4_K_XXL.gguf', null],
    ['model.gguf', null],
  ])('%s: %s', (file, id) => {
    expect(quantizationOfName(file, shippedCatalogue.quantizations)).toBe(id)
  })
})

describe('speedMeter', () => {
  it('says nothing at first, then the mean of the last seconds', () => {
    const meter = speedMeter()
    expect(meter.bytesPerSecond(0)).toBeNull()
    meter.add(0, 0)
    expect(meter.bytesPerSecond(0.5)).toBeNull()
    for (let second = 1; second <= 20; second += 1) meter.add(second * 1000, second)
    expect(meter.bytesPerSecond(20)).toBe(1000)
  })

  it('follows a line that got slower, and falls to nothing where nothing comes', () => {
    const meter = speedMeter()
    for (let second = 0; second <= 10; second += 1) meter.add(second * 1000, second)
    for (let second = 11; second <= 30; second += 1) meter.add(10_000 + (second - 10) * 100, second)
    expect(meter.bytesPerSecond(30)).toBe(100)
    expect(meter.bytesPerSecond(60)).toBeLessThan(30)
  })

  it('is never negative, and never jumps by what was there before', () => {
    fc.assert(
      fc.property(fc.array(fc.nat(10 ** 9)), (amounts) => {
        const meter = speedMeter()
        amounts.forEach((bytes, second) => meter.add(bytes, second))
        expect(meter.bytesPerSecond(amounts.length) ?? 0).toBeGreaterThanOrEqual(0)
      }),
    )
  })
})

describe('openAgents', () => {
  const proxy = 'http://proxy.example:3128'

  it('refuses a proxy of the settings where Node has none, and says what to do', () => {
    expect(() => openAgents(proxy, {}, '20.11.0')).toThrow(
      expect.objectContaining({ code: 'NETWORK_FAILED' }),
    )
  })

  it('goes on without one of the environment, and can name it later', () => {
    const agents = openAgents(null, { HTTPS_PROXY: proxy }, '22.1.0')
    expect(agents.unusedProxy).toContain('Node 22.1.0')
    agents.close()
  })

  it.each([
    [null, {}],
    [proxy, {}],
    [null, { https_proxy: proxy }],
  ])('takes %s with %o on a new Node', (setting, environment) => {
    const agents = openAgents(setting, environment, '24.5.0')
    expect(agents.unusedProxy).toBeNull()
    agents.close()
  })
})
