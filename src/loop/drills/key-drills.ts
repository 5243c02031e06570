// Keys: one is rotated while releases go on, and one falls into a stranger's hands.

import type { TrustedKey } from '../../release/keys.ts'
import { rollBack } from '../../serving/rollback.ts'
import type { SyncResult } from '../../serving/updater.ts'
import { type Drill, judged } from './drill.ts'

const codesOf = ({ installed, refused }: SyncResult): string =>
  installed === 1 ? 'installed' : refused.map(({ code }) => code).join(', ') || 'nothing new'

const revoked = (key: TrustedKey): TrustedKey => ({ ...key, state: 'revoked' })

export const keyDrills: readonly Drill[] = [
  {
    name: 'key-rotation',
    title: 'a second key signs beside the first, then alone; the first is retired',
    expected: 'releases install before, during and after; what the retired key signs alone is refused',
    async run(world) {
      const { bot, booted } = await world.start()
      await booted.healthy()
      const [old, next] = [world.key, world.keyOf(2)]
      const first = world.offer({ version: 1, keys: [old] })
      const during = world.offer({ version: 2, keys: [next, old], after: first })
      const alone = world.offer({ version: 3, keys: [next], after: during })
      const late = world.offer({ version: 4, keys: [old], after: alone })
      const both = [old, next]
      const retired = [{ ...old, state: 'retired' as const }, next]
      const before = await world.pass(bot, first.files, { keys: both })
      const beside = await world.pass(bot, during.files, { keys: both })
      const after = await world.pass(bot, alone.files, { keys: retired })
      const started = world.elapsed()
      const byRetired = await world.pass(bot, late.files, { keys: retired })
      const ms = world.elapsed() - started
      const installs = [before, beside, after].every(({ installed }) => installed === 1)
      const refused = byRetired.installed === 0 && bot.slot.current()?.digest === alone.manifestSha256
      const rotated = `before: ${codesOf(before)}; with both: ${codesOf(beside)}; with the new one: ${codesOf(after)}`
      return judged(installs && refused, `${rotated}; by the retired one: ${codesOf(byRetired)}`, ms)
    },
  },
  {
    name: 'key-compromise',
    title: 'a stranger has the signing key; it is revoked and another takes its place',
    expected: 'what the stolen key signs is refused at once, as a rollback target too; the new key publishes on',
    async run(world) {
      const { bot, booted } = await world.start()
      await booted.healthy()
      const next = world.keyOf(2)
      const first = world.offer({ version: 1 })
      await world.pass(bot, first.files)
      const good = world.offer({ version: 2, keys: [next], after: first })
      const started = world.elapsed()
      const keys = [revoked(world.key), next]
      const forged = await world.pass(bot, world.offer({ version: 9 }).files, { keys })
      const safeMs = world.elapsed() - started
      const onward = await world.pass(bot, good.files, { keys })
      const trust = { keys, required: ['hmac'] as const, nowMs: world.clock.now() }
      const back = await rollBack({ cause: 'drill', proven: false, to: first.manifestSha256, trust }, bot)
      const target = back.ok ? 'done' : back.fault.code
      const passed = forged.installed === 0 && onward.installed === 1 && target === 'KEY_REVOKED'
      const told = `forged: ${codesOf(forged)}; by the new key: ${codesOf(onward)}; back to the old release: ${target}`
      return judged(passed, told, safeMs)
    },
  },
]
