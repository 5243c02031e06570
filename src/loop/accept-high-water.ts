// A person says how far this bot had come, when nothing on its disk does (REL-18).

import { Fault, unwrap } from '../base/fault.ts'
import { type HighWater, highWaterAfter, highWaterBeginning, highWaterFile } from '../release/high-water.ts'
import { contentStore } from '../release/store.ts'
import { knownMark } from '../serving/known-mark.ts'
import { statePaths } from '../serving/paths.ts'
import type { Ports, State } from './ports.ts'
import { verifyingRing } from './signing-key.ts'
import { verifySource } from './verify-source.ts'

export type AcceptRequest = {
  /** A place whose release is taken for the newest; whatever comes first where absent. */
  readonly source?: string | undefined
  readonly signal: AbortSignal
  /** Resolves when the operator has seen what will be written. */
  readonly agreed: (preview: {
    readonly command: string
    readonly lines: readonly string[]
    readonly facts: Readonly<Record<string, unknown>>
    readonly word: string
  }) => Promise<void>
}

/**
 * Faults: `HWM_KNOWN` where the mark is there or can be found again, so that accepting another would only lower it; those of the
 * source, of its release and of the keys.
 */
export async function acceptHighWater(request: AcceptRequest, state: State, ports: Ports): Promise<HighWater> {
  const { source, signal, agreed } = request
  const { channel } = ports.settings.release
  const paths = statePaths(state.directory)
  const memory = highWaterFile(ports.disk, paths.highWater)
  const store = contentStore(ports.disk, paths.store)
  const known = await knownMark(memory, channel, { ...ports, paths, store, registry: state.registry })
  if (known.ok) {
    const version = known.value === undefined ? 'nothing was seen yet' : `version ${known.value.version} is known`
    throw new Fault('HWM_KNOWN', `the high-water mark of channel ${channel} is not lost: ${version}`, {
      place: paths.highWater,
      fix: 'just sync',
    })
  }
  if (known.fault.code !== 'HWM_LOST') throw known.fault
  const ring = await verifyingRing(state.directory, ports)
  let mark = highWaterBeginning(channel, ring.epoch, ports.clock.now())
  if (source !== undefined) {
    const found = await verifySource({ place: source, keys: ring.trusted, channel, clock: ports.clock, signal }, ports)
    const release = unwrap(found)
    mark = highWaterAfter(mark, release, release.pointer)
  }
  const floor = mark.version === 0 ? 'whatever valid release comes first' : `version ${mark.version}`
  await agreed({
    command: 'keys accept-hwm',
    lines: [
      `${floor} of channel ${channel} is taken for the newest that this bot ever saw`,
      'an older release that somebody kept would not be noticed up to there',
    ],
    facts: { channel, epoch: mark.epoch, version: mark.version },
    word: channel,
  })
  await memory.write(mark)
  ports.log.write('warn', 'keys.hwm', `the high-water mark was lost; ${floor} is accepted as the newest`, { ...mark })
  return mark
}
