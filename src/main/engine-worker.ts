import module from 'node:module'
import { serveEngine } from '#backend/llama/worker/serve-engine.ts'

/** The process that runs llama.cpp for every host: started by them, one at a time, and ended with them. */
// Compiling the engine's package takes half of its start; Node 20 cannot keep what it compiled.
module.enableCompileCache?.()
serveEngine()
