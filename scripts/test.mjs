// `npm test`: all set-up, then every check, then one line that counts them. Exit code 1 when anything failed.
import { mkdirSync, readFileSync, rmSync } from 'node:fs'
import { join } from 'node:path'
import { ensureBuilt } from './set-up/build.mjs'
import { ensureChromium } from './set-up/chromium.mjs'
import { electronBinary } from './set-up/electron.mjs'
import { ensureInstalled } from './set-up/install.mjs'
import { node24, root } from './set-up/paths.mjs'
import { run } from './set-up/run.mjs'

await ensureInstalled()
const chromium = await ensureChromium()
await ensureBuilt()

const resultsFolder = join(root, '.cache', 'test')
rmSync(resultsFolder, { recursive: true, force: true })
mkdirSync(resultsFolder, { recursive: true })

const bin = (name) => join(root, 'node_modules', ...name.split('/'))
const total = { passed: 0, failed: 0, skipped: 0 }

await check('types', [bin('typescript/bin/tsc'), '-b'])
await check('layers', [join('scripts', 'check-layers.ts')])
await check('lint', [bin('oxlint/bin/oxlint'), '--type-aware', '--deny-warnings', '--quiet'])
await check('format', [bin('oxfmt/bin/oxfmt'), '--check'])
await suite('unit and integration tests', vitestCounts)
await suite('browser tests', playwrightCounts)

if (total.skipped > 0) console.log(`\nSkipped tests and why are listed above.`)
console.log(`\n${total.passed} passed, ${total.failed} failed, ${total.skipped} skipped`)
process.exitCode = total.failed > 0 ? 1 : 0

/** A check without test cases of its own counts as one. */
async function check(name, commandArguments) {
  console.log(`\n▸ ${name}`)
  const { code } = await run(node24, commandArguments)
  add(code === 0 ? { passed: 1 } : { failed: 1 })
}

async function suite(name, runAndCount) {
  console.log(`\n▸ ${name}`)
  add(await runAndCount())
}

function add({ passed = 0, failed = 0, skipped = 0 }) {
  total.passed += passed
  total.failed += failed
  total.skipped += skipped
}

async function vitestCounts() {
  const file = join(resultsFolder, 'vitest.json')
  const { code } = await run(node24, [
    bin('vitest/vitest.mjs'),
    'run',
    '--reporter=default',
    '--reporter=json',
    `--outputFile.json=${file}`,
  ])
  const report = readReport(file)
  if (!report) return { failed: 1 }
  // A file that fails to load has no failed case but fails the run.
  const failed = Math.max(report.numFailedTests, code === 0 ? 0 : 1)
  return { passed: report.numPassedTests, failed, skipped: report.numPendingTests + report.numTodoTests }
}

async function playwrightCounts() {
  if (!chromium) return { failed: 1 }
  const file = join(resultsFolder, 'playwright.json')
  const electron = electronBinary()
  const { code } = await run(node24, [bin('@playwright/test/cli.js'), 'test', '--reporter=list,json'], {
    env: {
      INHOUSE_CHROMIUM: chromium,
      PLAYWRIGHT_JSON_OUTPUT_NAME: file,
      ...(electron ? { INHOUSE_ELECTRON: electron } : {}),
    },
  })
  const report = readReport(file)
  if (!report) return { failed: 1 }
  const { expected, unexpected, flaky, skipped } = report.stats
  // A test that passes only on a second try is not a pass.
  return { passed: expected, failed: Math.max(unexpected + flaky, code === 0 ? 0 : 1), skipped }
}

function readReport(file) {
  try {
    return JSON.parse(readFileSync(file, 'utf8'))
  } catch (error) {
    console.error(`No result of this suite can be read (${error.message}): counted as one failure.`)
    return null
  }
}
