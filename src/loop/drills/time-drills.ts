// Time that goes wrong: a channel that is frozen, and a clock that jumps.

import type { SyncResult } from '../../serving/updater.ts'
import { type Drill, judged } from './drill.ts'

const HOUR = 3_600_000
const DAY = 24 * HOUR

const codesOf = ({ refused }: SyncResult): string => refused.map(({ code }) => code).join(', ') || 'nothing'

export const timeDrills: readonly Drill[] = [
  {
    name: 'frozen-pointer',
    title: 'the channel goes on giving one pointer, which is signed and past its time',
    expected: 'refused with FREEZE; the set in charge stays',
    async run(world) {
      const { bot, booted } = await world.start()
      await booted.healthy()
      const { files, pointerBytes } = world.offer()
      world.clock.set(world.clock.now() + 2 * HOUR)
      const started = world.elapsed()
      const result = await world.pass(bot, new Map([...files, ['pointer.json', pointerBytes]]))
      const refused = result.refused.some(({ code }) => code === 'FREEZE')
      const ms = world.elapsed() - started
      return judged(refused && result.installed === 0, `refused with ${codesOf(result)}`, ms)
    },
  },
  {
    name: 'clock-jump',
    title: 'the wall clock jumps 400 days ahead, then 60 days behind what was signed last',
    expected: 'what is over is refused both times: a clock set back extends nothing; the set in charge stays',
    async run(world) {
      const { bot, booted } = await world.start()
      await booted.healthy()
      const now = world.clock.now()
      const first = world.offer({ version: 1 })
      world.clock.set(now + 400 * DAY)
      const started = world.elapsed()
      const ahead = await world.pass(bot, first.files)
      const ms = world.elapsed() - started
      world.clock.set(now)
      // The newest signed time that was seen is now; what was signed two months ago is over, whatever the clock says later.
      await world.pass(bot, first.files)
      const inCharge = bot.slot.current()?.digest
      const long = { now: () => now - 60 * DAY }
      const old = world.offer({ version: 2, after: first, clock: long })
      world.clock.set(long.now() + HOUR / 2)
      const behind = await world.pass(bot, old.files)
      const isOver = ({ installed, refused }: SyncResult) =>
        installed === 0 && refused.some(({ code }) => code === 'FREEZE' || code === 'EXPIRED')
      const held = isOver(ahead) && isOver(behind) && bot.slot.current()?.digest === inCharge
      return judged(held, `400 days ahead: ${codesOf(ahead)}; 60 days behind: ${codesOf(behind)}`, ms)
    },
  },
]
