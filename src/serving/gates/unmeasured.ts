// G11 (latency, memory) judges measurements that nothing hands in: those of a probe process under limits. What is not measured is not
// passed, so a live bot installs nothing; in paper it is shown as open (SRV-24).

import type { Gate } from './gate.ts'
import { verdictsOf } from './result.ts'

function unmeasured(name: string, asks: string, lacks: string): Gate {
  const { fail, notApplicable } = verdictsOf(name)
  const reason = `${lacks} is not measured here`
  return {
    name,
    asks,
    check: ({ profile }) =>
      profile === 'live' ? fail(null, null, reason) : notApplicable(reason, { paper: true, live: 'fail' }),
  }
}

export const latency = unmeasured('G11', 'fast and small enough', 'latency and memory in a process of its own')
