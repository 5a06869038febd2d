import path from 'node:path'
import react from '@vitejs/plugin-react'
import { defineConfig } from 'electron-vite'

function at(file: string): string {
  return path.resolve(import.meta.dirname, file)
}

/** Deep links (`/models/Qwen/Qwen3-8B`) load the same page: its files are named from the root, not beside the link. */
const filesFromRoot = { name: 'inhouse:files-from-root', config: () => ({ base: '/' }) }

/** One build for every host: the window's main process, the web host, the command line, the preload and the page. */
export default defineConfig({
  main: {
    build: {
      // The command line and the web host also run on the oldest Node the package allows.
      target: 'node20.11',
      sourcemap: false,
      rolldownOptions: {
        input: {
          index: at('src/main/index.ts'),
          'web-host': at('src/main/web-host.ts'),
          cli: at('src/main/cli.ts'),
          'engine-worker': at('src/main/engine-worker.ts'),
        },
      },
    },
  },
  preload: {
    build: {
      // A sandboxed preload must be one CommonJS file.
      externalizeDeps: false,
      rolldownOptions: {
        input: { index: at('src/preload/index.ts') },
        output: { format: 'cjs', entryFileNames: '[name].cjs' },
      },
    },
  },
  renderer: {
    root: at('src/renderer'),
    plugins: [react(), filesFromRoot],
    build: {
      // The web host serves every current browser, not only the Chromium of the window.
      target: 'es2022',
      minify: true,
      // The content policy allows files of our own only, so nothing is inlined as data.
      assetsInlineLimit: 0,
      // Chunks by what pages load late: naming groups by package drew the charts into the first page.
      rolldownOptions: { input: at('src/renderer/index.html') },
    },
  },
})
