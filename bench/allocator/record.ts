/** Records what llama.cpp's allocator says today: `node bench/allocator/record.ts`. */
import { writeFileSync } from 'node:fs'
import { allocatorModels } from './allocator-record.ts'
import { askAllocator } from './ask-allocator.ts'
import { RECORDING } from './recording.ts'

const { failures, records } = await askAllocator(allocatorModels.map(({ id }) => id))
writeFileSync(RECORDING, [...records, ...failures].map((each) => `${JSON.stringify(each)}\n`).join(''))
console.log(`${records.length} models recorded, ${failures.length} not loaded`)
