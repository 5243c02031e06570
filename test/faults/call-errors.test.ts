// Cases 83 and 84 on a real file system and a real database: system calls of an install, a rollback, a collection and a publishing fail with
// a full disk and with an I/O error, once and from then on. What is named stays whole, and whoever says that he is done has the new one.

import assert from 'node:assert/strict'
import { after, test } from 'node:test'
import { seededRng } from '../../src/base/rng.ts'
import { ACTS, type Act } from './acts.ts'
import { type Blow, hasTracer, type KillPoint, killPoints, strikeAt } from './kill-points.ts'
import type { Bug } from './planted.ts'
import { type Victims, victims } from './victims.ts'

const long = process.env['RATCHET_LONG'] === '1'
/** The quick set strikes at so many calls of the two acts that bring something new. */
const QUICK = 1
const QUICK_ACTS: readonly Act[] = ['install', 'publish']
const SEED = 83
const skip = hasTracer ? false : 'no tracer is permitted here (strace)'

const open: Victims[] = []
after(() => open.forEach(one => one.remove()))

type World = { readonly own: Victims; readonly points: readonly KillPoint[] }
const worlds = new Map<string, World>()

/** Marks of steps are looked up where nothing is: they are no calls that could fail. */
async function worldOf(act: Act, bug?: Bug): Promise<World> {
  const name = `${act} ${bug}`
  const known = worlds.get(name)
  if (known !== undefined) return known
  const own = await victims(act, SEED)
  open.push(own)
  const world = { own, points: killPoints(own, bug).filter(({ what }) => !what.startsWith('access')) }
  worlds.set(name, world)
  return world
}

type Struck = { readonly done: boolean; readonly told: string }

async function strike({ own }: World, point: KillPoint, blow: Blow, bug?: Bug): Promise<Struck> {
  const state = own.fresh()
  const where = `${own.act}, ${blow.inject}${blow.persistent === true ? ' from' : ' at'} ${point.what} (${point.step})`
  const { stdout, stderr } = strikeAt(own, state, point, { blow, bug })
  const done = stdout.includes('done')
  const told = /not durable|\b(?!ERR_)(?:[A-Z]+_)+[A-Z]+/.exec(stderr)?.[0] ?? ''
  assert.ok(
    done || !['', 'INSTALL_FAILED'].includes(told),
    `${where}: it failed without a name: ${stderr.slice(0, 400)}`,
  )
  const { side } = await own.judge(state, where)
  // A collection changes nobody in charge: both of its sides are the old one.
  if (done && own.act !== 'collect') assert.equal(side, 'new', `${where}: it says done, and the old one is in charge`)
  return { done, told }
}

const CODES = { ENOSPC: 83, EIO: 84 } as const
for (const [errno, number] of Object.entries(CODES)) {
  for (const act of long ? ACTS : QUICK_ACTS) {
    test(`fault ${number}: ${errno} at system calls of ${act} on a real disk: 0 corrupt, 0 silent`, {
      skip,
    }, async t => {
      const world = await worldOf(act)
      const rng = seededRng(SEED).fork(`${act} ${errno}`)
      const { points } = world
      const chosen = long ? points : Array.from({ length: QUICK }, () => points[rng.int(points.length)]!)
      const codes = new Map<string, number>()
      let done = 0
      for (const point of chosen) {
        for (const persistent of long ? [false, true] : [errno === 'EIO']) {
          const struck = await strike(world, point, { inject: `error=${errno}`, persistent })
          if (struck.done) done++
          else codes.set(struck.told, (codes.get(struck.told) ?? 0) + 1)
        }
      }
      const told = [...codes].map(([code, count]) => `${code} ${count}`).join(', ')
      t.diagnostic(`${act}, ${errno}: ${chosen.length} of ${points.length} calls, ${done} ended well, told: ${told}`)
    })
  }
}

test('planted: a failed rename that is taken for a done one is caught on a real disk', { skip }, async t => {
  const bug = 'failure swallowed'
  const world = await worldOf('install', bug)
  const renames = world.points.filter(({ what }) => /^rename .*CURRENT/.test(what))
  assert.ok(renames.length > 0)
  for (const point of renames) {
    const judged = await strike(world, point, { inject: 'error=EIO' }, bug).catch((cause: unknown) => cause)
    if (judged instanceof Error) return t.diagnostic(judged.message.slice(0, 160))
  }
  assert.fail(`${renames.length} failed renames found nothing`)
})
