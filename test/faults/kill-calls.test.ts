// Cases 65 to 79 and REL-30 with real processes: the acting process is killed at its system calls on the state directory, or at its
// changes of the disk where no tracer is permitted. What is named must be whole, and the next start must make good what is left.

import assert from 'node:assert/strict'
import { after, test } from 'node:test'
import { seededRng } from '../../src/base/rng.ts'
import type { Act } from './acts.ts'
import { hasTracer, type KillPoint, killAt, killPoints } from './kill-points.ts'
import type { Bug } from './planted.ts'
import { type Count, counted, noKills, told, type Victims, victims } from './victims.ts'

const long = process.env['RATCHET_LONG'] === '1'
/** The long set strikes at every point, of histories of so many seeds. */
const SEEDS = long ? Number(process.env['RATCHET_KILL_SEEDS'] ?? 1) : 1
const FIRST_SEED = Number(process.env['RATCHET_KILL_SEED'] ?? 1)
/** The quick set strikes at so many points of each case. */
const QUICK = 1

const method = hasTracer ? 'system calls' : 'changes of the disk (no tracer is permitted here)'
const open: Victims[] = []
after(() => open.forEach(one => one.remove()))

type World = { readonly victims: Victims; readonly points: readonly KillPoint[] }
const worlds = new Map<string, World>()

async function worldOf(act: Act, seed: number): Promise<World> {
  const known = worlds.get(`${act} ${seed}`)
  if (known !== undefined) return known
  const made = await victims(act, seed)
  open.push(made)
  const world = { victims: made, points: killPoints(made) }
  worlds.set(`${act} ${seed}`, world)
  return world
}

/** Strikes at all of these points, or at a few of them drawn by the seed. */
async function strike({ victims: own, points }: World, isHit: (point: KillPoint) => boolean, count: Count) {
  const inside = points.filter(isHit)
  assert.ok(inside.length > 0, 'the act has no such point')
  const rng = seededRng(own.seed).fork(own.act)
  const chosen = long ? inside : Array.from({ length: QUICK }, () => inside[rng.int(inside.length)]!)
  for (const point of chosen) {
    const state = own.fresh()
    const where = `${own.act} of seed ${own.seed}, killed in ${point.step} at ${point.what}`
    assert.ok(killAt(own, state, point), `${where}: it was not hit`)
    counted(count, await own.judge(state, where))
  }
}

const isPointerMove = ({ what }: KillPoint): boolean => /^(rename state\/CURRENT|fsync state$)/.test(what)
const inStep =
  (...steps: readonly string[]) =>
  (point: KillPoint) =>
    steps.includes(point.step)

const cases: readonly (readonly [number: number, where: string, isHit: (point: KillPoint) => boolean])[] = [
  [65, 's1: staging is made', inStep('begin', 's1')],
  [66, 's2: files are fetched', inStep('s2')],
  [67, 's3: blobs are written and synced', inStep('s3')],
  [68, 's4: the high-water mark rises', inStep('s4')],
  [69, 's5: the gates judge', inStep('s5')],
  [70, 's6: blobs move into the store', inStep('s6')],
  [71, 's7: the store is synced', inStep('s7')],
  [72, 's8: the registry has it installed', inStep('s8')],
  [73, 's9: the backup is written', inStep('s9')],
  [74, 's10 to s12: the new pointer is written', point => point.step === 's10' && !isPointerMove(point)],
  [
    75,
    's12 to s13: the pointer takes its place',
    point => inStep('s10')(point) && (isPointerMove(point) || !hasTracer),
  ],
  [76, 's12 to s14: the slot is not yet swapped', inStep('s14', ...(hasTracer ? [] : ['s15']))],
  [77, 's15: the history is written', inStep('s15')],
  [78, 's16 and s17: backups and store are tidied', inStep('s16', 's17')],
]
for (const [number, where, isHit] of cases) {
  test(`fault ${number}: killed at ${method} of an install, ${where}: 0 corrupt`, async t => {
    const count = noKills()
    for (let n = 0; n < SEEDS; n++) await strike(await worldOf('install', FIRST_SEED + n), isHit, count)
    t.diagnostic(`fault ${number}, ${SEEDS} seeds from ${FIRST_SEED}: ${told(count)}`)
  })
}

const others: readonly (readonly [Act, title: string])[] = [
  ['collect', `fault 78: a collection killed at ${method} never takes active, previous or a kept release`],
  [
    'rollback',
    `fault 79: a rollback killed at ${method} is old or new, is finished by the next start and does not flip`,
  ],
  ['publish', `REL-30: publishing killed at ${method} leaves readers a whole release, and running it again finishes`],
]
for (const [act, title] of others) {
  test(title, async t => {
    const count = noKills()
    for (let n = 0; n < SEEDS; n++) await strike(await worldOf(act, FIRST_SEED + n), () => true, count)
    t.diagnostic(`${act}, ${SEEDS} seeds from ${FIRST_SEED}: ${told(count)}`)
  })
}

/** A harness that lets one of these through proves nothing. The quick set plants one in each place of its own kind. */
const everyBug: readonly (readonly [Bug, Act, filter: RegExp])[] = [
  ['written in place', 'install', /CURRENT$|change/],
  ['renamed before written', 'install', /CURRENT$|change/],
  ['collects the way back', 'collect', /store\/cas|change/],
  ['written in place', 'publish', /pointer\.json$|change/],
]
const planted = everyBug.filter(([bug, act]) => long || (bug !== 'renamed before written' && act !== 'publish'))
for (const [bug, act, filter] of planted) {
  test(`planted: ${act} with a pointer or file ${bug} is caught by a kill`, async t => {
    const own = await victims(act, FIRST_SEED)
    open.push(own)
    // The way to the fault is long, and only its end is of interest.
    const points = killPoints(own, bug).filter(({ what }) => filter.test(what))
    let kills = 0
    for (const point of points.reverse()) {
      const state = own.fresh()
      kills++
      if (!killAt(own, state, point, bug)) continue
      const judged = await own.judge(state, point.what).catch((cause: unknown) => String(cause))
      if (typeof judged !== 'string') continue
      t.diagnostic(`${bug} in ${act}: found by kill ${kills}: ${judged.slice(0, 160)}`)
      return
    }
    assert.fail(`${kills} kills found nothing`)
  })
}
