// A process of its own: hashes again the whole set that CURRENT of a state directory names and prints what it found as JSON.
// Usage: node test/faults/check-state.ts STATE

import { readImage } from './read-image.ts'
import { checkImage } from './state-check.ts'

console.log(JSON.stringify(checkImage(readImage(process.argv[2]!))))
