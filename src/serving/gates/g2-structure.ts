// G2: every model is one that our own reader accepts, compiled from exactly the bytes that were verified (SRV-10, SRV-11).

import type { Gate } from './gate.ts'
import { verdictsOf } from './result.ts'

const { pass, fail } = verdictsOf('G2')

export const structure: Gate = {
  name: 'G2',
  asks: 'only allowed, well-formed graphs',
  check: ({ candidate }) =>
    candidate.ok
      ? pass(`${candidate.value.roles.size} graphs`, 'all valid')
      : fail(candidate.fault.code, 'all valid', [candidate.fault.place, candidate.fault.message].join(': ')),
}
