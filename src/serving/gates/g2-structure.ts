// G2: every model is one that our own reader accepts, compiled from exactly the bytes that were verified (SRV-10, SRV-11); and parameters that
// come with them are readable and inside their bounds (SRV-22).

import { unwrap } from '../../base/fault.ts'
import { readParameters } from '../parameter-set.ts'
import type { Gate } from './gate.ts'
import { verdictsOf } from './result.ts'

const { pass, fail } = verdictsOf('G2')

export const structure: Gate = {
  name: 'G2',
  asks: 'only allowed, well-formed graphs',
  check({ candidate, release }) {
    const parameters = readParameters(release.members)
    const wrong = [candidate, parameters].find(outcome => !outcome.ok)
    if (wrong?.ok === false) {
      const { code, place, message } = wrong.fault
      return fail(code, 'all valid', [place, message].join(': '))
    }
    return pass(`${unwrap(candidate).roles.size} graphs`, 'all valid')
  },
}
