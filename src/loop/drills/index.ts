// The catalogue of drills, in the order in which they are run: from what comes through the door to what breaks inside.

import { Fault } from '../../base/fault.ts'
import type { Drill } from './drill.ts'
import { keyDrills } from './key-drills.ts'
import { machineDrills } from './machine-drills.ts'
import { releaseDrills } from './release-drills.ts'
import { timeDrills } from './time-drills.ts'
import { wayBackDrills } from './way-back-drills.ts'

/** A paper account has no broker: the fault cannot be made, and that is said. */
const deadBroker: Drill = {
  name: 'dead-broker',
  title: 'the broker does not answer any more',
  expected: 'no new entries; what is open is reconciled before anything else',
  run: () =>
    Promise.resolve({ verdict: 'skipped', reason: 'this installation trades on paper: there is no broker to lose' }),
}

export const DRILLS: readonly Drill[] = [
  ...releaseDrills,
  ...timeDrills,
  ...machineDrills,
  deadBroker,
  ...keyDrills,
  ...wayBackDrills,
]

/** Fault: `DRILL_UNKNOWN` naming those there are. @param name of one, or `all` */
export function drillsNamed(name: string): readonly Drill[] {
  if (name === 'all') return DRILLS
  const found = DRILLS.filter(drill => drill.name === name)
  if (found.length > 0) return found
  throw new Fault('DRILL_UNKNOWN', `there is no drill ${name}`, {
    fix: `choose one of ${DRILLS.map(drill => drill.name).join(', ')}, or all`,
  })
}
