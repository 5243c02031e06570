// How long after its trigger a rollback has the set before in the slot, while decisions go on arriving: by memory, CURRENT and history,
// and with a database that answers nothing.

import { unwrap } from '../../src/base/fault.ts'
import { currentAfter, currentFile } from '../../src/serving/current.ts'
import type { Installation } from '../../src/serving/installation.ts'
import type { ModelSet } from '../../src/serving/model-set.ts'
import type { Registry } from '../../src/serving/registry.ts'
import { rollBack } from '../../src/serving/rollback.ts'
import { load } from './load.ts'
import { openPlace } from './place.ts'
import type { Truth } from './tagged.ts'

export type DrillLine = {
  readonly name: 'rollback' | 'rollback-database-down'
  readonly drills: number
  /** Drills after which another set than the one before was in the slot. */
  readonly wrong: number
  /** From the call to the set before in the slot. */
  readonly p50Ms: number
  readonly p999Ms: number
  readonly longestMs: number
  /** Until CURRENT, history and block are written. */
  readonly durableP999Ms: number
  readonly decisionsPerSecond: number
  readonly dropped: number
  readonly mixed: number
  readonly limitMs: number
}

export const ROLLBACK_LIMIT_MS = 100

const down = (): Promise<never> => Promise.reject(new Error('the database is down'))

/** Every question and every write fails. */
function brokenRegistry(registry: Registry): Registry {
  const broken = { ...registry }
  for (const name of Object.keys(registry) as (keyof Registry)[]) broken[name] = down
  return broken
}

export async function rollbackDrills(
  drills: number,
  [before, failing]: readonly [ModelSet, ModelSet],
  truth: Truth,
  database: 'up' | 'down',
): Promise<DrillLine> {
  const place = await openPlace()
  const { slot, disk, paths, registry } = place.installation
  let restored = 0
  const timed: Installation = {
    ...place.installation,
    registry: database === 'up' ? registry : brokenRegistry(registry),
    slot: {
      ...slot,
      swap(set) {
        const seq = slot.swap(set)
        restored = performance.now()
        return seq
      },
    },
  }
  slot.swap(before)
  const toSlot: number[] = []
  const toDisk: number[] = []
  let wrong = 0
  const state = { over: false }
  const work = async (): Promise<void> => {
    const file = currentFile(disk, paths, slot.name)
    for (let drill = 0; drill < drills; drill++) {
      await registry.unblock(failing.digest)
      await file.write(currentAfter(unwrap(await file.read()), slot.name, failing.digest))
      slot.swap(failing)
      const called = performance.now()
      await rollBack({ cause: 'a drill', proven: false }, timed)
      toSlot.push(restored - called)
      toDisk.push(performance.now() - called)
      if (slot.current() !== before) wrong++
    }
  }
  try {
    const running = work().finally(() => (state.over = true))
    const figures = await load({ slot, truth, perSecond: 20_000, over: () => state.over })
    await running
    const at = (values: readonly number[], q: number) => values.toSorted((a, b) => a - b)[Math.ceil(q * drills) - 1]!
    return {
      name: database === 'up' ? 'rollback' : 'rollback-database-down',
      drills,
      wrong,
      p50Ms: at(toSlot, 0.5),
      p999Ms: at(toSlot, 0.999),
      longestMs: Math.max(...toSlot),
      durableP999Ms: at(toDisk, 0.999),
      decisionsPerSecond: figures.decisionsPerSecond,
      dropped: figures.dropped,
      mixed: figures.mixed,
      limitMs: ROLLBACK_LIMIT_MS,
    }
  } finally {
    await place.close()
  }
}
