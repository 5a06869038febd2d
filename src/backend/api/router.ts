import { implement, type Router } from '@orpc/server'
import { answered, streamed } from '#backend/api/answer-call.ts'
import type { Backend } from '#backend/api/backend.ts'
import { modelRoutes } from '#backend/api/model-routes.ts'
import { contract } from '#contract/contract.ts'

/** The contract with an answer to every call. */
export type BackendRouter = Router<typeof contract, Record<never, never>>

/** The contract, answered by the backend: the same router behind the window's port and the web host's HTTP. */
export function createRouter(backend: Backend): BackendRouter {
  const os = implement(contract)
  return os.router({
    app: {
      info: os.app.info.handler(() => answered(backend.info())),
    },
    machine: {
      scan: os.machine.scan.handler(({ signal }) => streamed(backend.scan(signal))),
      last: os.machine.last.handler(() => answered(backend.lastScan())),
      watchFreeMemory: os.machine.watchFreeMemory.handler(({ signal }) =>
        streamed(backend.watchFreeMemory(signal)),
      ),
      doctor: os.machine.doctor.handler(() => answered(backend.doctor())),
    },
    catalogue: {
      get: os.catalogue.get.handler(() => answered(backend.catalogue())),
    },
    plans: {
      simulate: os.plans.simulate.handler(({ input, signal }) => answered(backend.simulate(input, signal))),
    },
    measurements: {
      list: os.measurements.list.handler(() => answered(backend.measurements())),
      preview: os.measurements.preview.handler(({ input }) => answered(backend.previewMeasurement(input))),
      run: os.measurements.run.handler(({ input, signal }) => streamed(backend.measure(input, signal))),
      measureMachine: os.measurements.measureMachine.handler(({ signal }) =>
        streamed(backend.measureMachine(signal)),
      ),
      remove: os.measurements.remove.handler(({ input }) => answered(backend.removeMeasurements(input.ids))),
      restore: os.measurements.restore.handler(({ input }) =>
        answered(backend.restoreMeasurements(input.ids)),
      ),
      export: os.measurements.export.handler(() => answered(backend.exportMeasurements())),
      import: os.measurements.import.handler(({ input }) => answered(backend.importMeasurements(input.text))),
    },
    ...modelRoutes(backend),
    settings: {
      get: os.settings.get.handler(() => answered(backend.settings())),
      set: os.settings.set.handler(({ input }) => answered(backend.changeSettings(input))),
    },
  })
}
