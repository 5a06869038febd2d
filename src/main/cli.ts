#!/usr/bin/env node
import module from 'node:module'

// Compiled code is kept between runs, so a cold `recommend` starts earlier; Node 20 has no such cache.
module.enableCompileCache?.()
const { runProcess } = await import('./cli/run-process.ts')
await runProcess(process)
