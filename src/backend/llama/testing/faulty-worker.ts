import type { EngineMessage, EngineRequest } from '#backend/llama/engine-job.ts'

/** A worker that fails in the way named as the path of the model, for tests of what the parent makes of it. */
process.on('message', (request: EngineRequest) => {
  if (request.kind !== 'start' || !('load' in request.work)) return
  const { job, work } = request
  const say = (message: EngineMessage) => process.send?.(message)
  switch (work.load.path) {
    case 'hang':
      // The event loop turns; the work does not go on.
      setInterval(() => say({ job: null, kind: 'alive', memory: null }), 50)
      return
    case 'waits':
      // Another job of this process goes on; this one has its turn only after that.
      setInterval(() => say({ job: job + 1, kind: 'update', update: { kind: 'loading', fraction: 0.5 } }), 50)
      setTimeout(() => process.exit(7), 1500)
      return
    case 'abort':
      return process.abort()
    case 'killed':
      return void process.kill(process.pid, 'SIGKILL')
    case 'exit':
      return process.exit(7)
    case 'out-of-memory':
      process.stderr.write("terminate called after throwing an instance of 'std::bad_alloc'\n", () =>
        process.abort(),
      )
      return
    default:
      say({
        job,
        kind: 'failed',
        failure: {
          reason: 'unexpected',
          message: `no such fault: ${work.load.path}`,
          nextStep: null,
          log: '',
        },
      })
  }
})
process.on('disconnect', () => process.exit(0))
