import os from 'node:os'

/** Processor time of the whole system and of this process, in milliseconds, and when it was read. */
interface ProcessorTimes {
  readonly at: number
  readonly busy: number
  readonly own: number
}

function processorTimes(): ProcessorTimes {
  const busy = os.cpus().reduce((sum, { times }) => sum + times.user + times.nice + times.sys + times.irq, 0)
  const { user, system } = process.cpuUsage()
  return { at: performance.now(), busy, own: (user + system) / 1000 }
}

/**
 * Starts to watch what other programs take of the processors; the answer is how many processors they kept busy on average
 * since then. `null` where the system tells no times (some containers).
 */
export function watchOthers(): () => number | null {
  const before = processorTimes()
  return () => {
    const now = processorTimes()
    const busy = now.busy - before.busy
    const elapsed = now.at - before.at
    if (!(busy > 0) || elapsed < 100) return null
    return Math.max(0, busy - (now.own - before.own)) / elapsed
  }
}
