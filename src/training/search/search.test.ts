import assert from 'node:assert/strict'
import { test } from 'node:test'
import { setImmediate as turn } from 'node:timers/promises'
import { Fault } from '../../base/fault.ts'
import { BRANIN, branin, objectiveOf, still, UNEVEN, uneven } from './fixtures/landscapes.ts'
import { SEARCH_METHODS } from './methods/index.ts'
import { random } from './methods/random.ts'
import { tpe } from './methods/tpe.ts'
import { type Objective, type SearchOptions, search } from './search.ts'
import { cautious, type Trial } from './trial.ts'

const options = (over: Partial<SearchOptions> = {}): SearchOptions => ({
  ...still(5),
  space: BRANIN,
  method: tpe,
  objective: objectiveOf(branin),
  trials: 30,
  patience: 30,
  ...over,
})

test('any number of workers comes to the same trials, told in the same order', async () => {
  const one = await search(options())
  for (const parallel of [2, 7]) {
    const told: number[] = []
    // Trials end in another order than they began.
    const objective: Objective = async (parameters, { number }) => {
      for (let wait = 0; wait < (number * 7) % 5; wait++) await turn()
      return [branin(parameters)]
    }
    const onTrial = async ({ number }: Trial) => void told.push(number)
    assert.deepEqual(await search(options({ parallel, objective, onTrial })), one)
    assert.deepEqual(
      told,
      one.trials.map(({ number }) => number),
    )
  }
})

test('a search that is killed between any two trials goes on to the same answer, whatever the method', async () => {
  for (const method of SEARCH_METHODS) {
    const whole = await search(options({ method, trials: 20 }))
    for (const after of [0, 1, 6, 13, whole.trials.length - 1]) {
      const saved: Trial[] = []
      const killer = new AbortController()
      let evaluated = 0
      const onTrial = async (trial: Trial) => {
        saved.push(JSON.parse(JSON.stringify(trial)) as Trial)
        if (saved.length === after + 1) killer.abort(new Fault('INTERRUPTED', 'killed'))
      }
      await assert.rejects(search(options({ method, trials: 20, onTrial, signal: killer.signal })), {
        code: 'INTERRUPTED',
      })
      const objective: Objective = async parameters => {
        evaluated++
        return [branin(parameters)]
      }
      assert.deepEqual(
        await search(options({ method, trials: 20, objective, saved })),
        whole,
        `${method.name} ${after}`,
      )
      assert.equal(evaluated, whole.trials.length - saved.length)
    }
  }
})

test('trials that another search saved are refused', async () => {
  const { trials } = await search(options())
  await assert.rejects(search(options({ ...still(6), saved: trials })), { code: 'SEARCH_MISMATCH' })
})

test('it stops after so many trials without a gain, at the end of a batch', async () => {
  const flat = await search(options({ method: random, objective: async () => [1], patience: 9 }))
  assert.deepEqual([flat.stopped, flat.trials.length, flat.best?.number], ['patience', 12, 1])
  const rising = await search(options({ method: random, objective: async (_, { number }) => [number], patience: 9 }))
  assert.deepEqual([rising.stopped, rising.trials.length], ['trials', 30])
})

test('no batch is begun beyond a budget of time or of processor time, earlier sittings included', async () => {
  let now = 1e6
  const slow: Partial<SearchOptions> = {
    clock: { now: () => now },
    objective: async () => {
      now += 100
      return [1]
    },
  }
  const first = await search(options({ ...slow, budget: { wallMs: 500 } }))
  assert.deepEqual([first.stopped, first.trials.length], ['wall', 8])
  now = 9e6
  const again = await search(options({ ...slow, budget: { wallMs: 1_300 }, saved: first.trials }))
  assert.deepEqual([again.stopped, again.trials.length], ['wall', 16])
  const cpu = await search(options({ ...slow, cpuMs: async () => now / 10, budget: { cpuMs: 35 } }))
  assert.deepEqual([cpu.stopped, cpu.trials.length], ['cpu', 4])
})

test('the objective is the mean of the folds minus one standard error', async () => {
  assert.equal(cautious([2]), 2)
  assert.ok(Math.abs(cautious([1, 2, 3]) - (2 - 1 / Math.sqrt(3))) < 1e-12)
  // A lucky fold loses against an even result of a lower mean.
  const objective: Objective = async (_, { number }) => (number === 2 ? [0, 0, 10] : [3, 3, 3])
  assert.notEqual((await search(options({ method: random, objective, trials: 4 }))).best?.number, 2)
})

test('a trial that fails is kept as failed; where all fail the search does', async () => {
  const broken: Objective = async (parameters, { number }) => {
    if (number % 2 === 0) throw new Fault('TRAIN_TOO_FEW', 'too few')
    return [number === 3 ? Number.NaN : branin(parameters)]
  }
  const { trials, best } = await search(options({ objective: broken }))
  assert.deepEqual([trials[1]?.fault, trials[2]?.fault, trials[1]?.value], ['TRAIN_TOO_FEW', 'NOT_FINITE', null])
  assert.ok(best!.number % 2 === 1)
  const none = async () => Promise.reject(new Fault('TRAIN_TOO_FEW', 'too few'))
  await assert.rejects(search(options({ objective: none })), { code: 'SEARCH_FAILED' })
  const bug = async () => Promise.reject(new TypeError('a bug'))
  await assert.rejects(search(options({ objective: bug })), TypeError)
})

test('parameters are told apart by how much they matter', async () => {
  const { importance } = await search(
    options({ space: UNEVEN, objective: objectiveOf(uneven), method: random, trials: 40, patience: 40 }),
  )
  assert.ok(importance['strong']! > 0.9, JSON.stringify(importance))
  assert.ok(importance['idle']! < 0.05 && importance['weak']! < 0.1, JSON.stringify(importance))
  assert.deepEqual((await search(options({ trials: 4 }))).importance, {})
})
