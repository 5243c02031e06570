// The same load while each swap also replaces CURRENT and is entered into the chained history, as an install does it (s10 to s15).

import { unwrap } from '../../src/base/fault.ts'
import { currentAfter, currentFile } from '../../src/serving/current.ts'
import { eventOf } from '../../src/serving/installation.ts'
import type { ModelSet } from '../../src/serving/model-set.ts'
import { type LoadFigures, load } from './load.ts'
import { openPlace } from './place.ts'
import type { Truth } from './tagged.ts'

export async function durableSwaps(swaps: number, sets: readonly ModelSet[], truth: Truth): Promise<LoadFigures> {
  const place = await openPlace()
  const { installation } = place
  const { disk, paths, slot, registry } = installation
  const file = currentFile(disk, paths, slot.name)
  slot.swap(sets[0])
  let done = 0
  let busy = false
  const swap = async (): Promise<void> => {
    busy = true
    const from = slot.current()!.digest
    const next = sets[(done + 1) % sets.length]!
    await file.write(currentAfter(unwrap(await file.read()), slot.name, next.digest))
    slot.swap(next)
    await registry.append(eventOf(installation, { event: 'activated', from, to: next.digest, cause: 'bench' }))
    done++
    busy = false
  }
  const failed: unknown[] = []
  const disturb = (inside: boolean): void => {
    if (inside || busy || done >= swaps) return
    swap().catch((cause: unknown) => failed.push(cause))
  }
  try {
    const figures = await load({
      slot,
      truth,
      perSecond: 20_000,
      disturb,
      over: () => (done >= swaps && !busy) || failed.length > 0,
    })
    if (failed.length > 0) throw failed[0]
    return figures
  } finally {
    await place.close()
  }
}
