// One start on a state directory that is there: prints who is in charge, and how long it took.

import { unwrap } from '../../src/base/fault.ts'
import { bootSlot } from '../../src/serving/boot.ts'
import { openPlace } from './place.ts'

const [directory] = process.argv.slice(2)
const place = await openPlace(directory)
const started = performance.now()
const booted = unwrap(await bootSlot(place.installation))
// The clock of performance begins with the process.
const now = performance.now()
await booted.healthy()
await place.close()
console.log(JSON.stringify({ digest: booted.inCharge?.digest, bootMs: now - started, processMs: now }))
