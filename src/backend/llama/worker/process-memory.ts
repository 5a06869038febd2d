import { readFileSync } from 'node:fs'
import type { ProcessMemory } from '#backend/llama/engine-job.ts'

function statusBytes(status: string, field: string): number | null {
  const kibibytes = new RegExp(`^${field}:\\s+(\\d+) kB`, 'm').exec(status)?.[1]
  return kibibytes === undefined ? null : Number(kibibytes) * 1024
}

/** Memory of this process now. Linux tells file pages from the process's own; elsewhere only the sum is known. */
export function processMemory(): ProcessMemory {
  if (process.platform === 'linux') {
    const status = readFileSync('/proc/self/status', 'utf8')
    const residentBytes = statusBytes(status, 'VmRSS')
    if (residentBytes !== null) {
      return {
        residentBytes,
        mappedBytes: statusBytes(status, 'RssFile'),
        anonymousBytes: statusBytes(status, 'RssAnon'),
      }
    }
  }
  return { residentBytes: process.memoryUsage.rss(), mappedBytes: null, anonymousBytes: null }
}

/** The larger of each part. */
export function peakMemory(a: ProcessMemory, b: ProcessMemory): ProcessMemory {
  return {
    residentBytes: Math.max(a.residentBytes, b.residentBytes),
    mappedBytes: larger(a.mappedBytes, b.mappedBytes),
    anonymousBytes: larger(a.anonymousBytes, b.anonymousBytes),
  }
}

function larger(a: number | null, b: number | null): number | null {
  return a === null || b === null ? null : Math.max(a, b)
}
