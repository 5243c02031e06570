import assert from 'node:assert/strict'
import { after, test } from 'node:test'
import { onnxRuntimeOracle } from '../../adapters/onnxruntime/oracle.ts'
import { onnxRuntimeTraining } from '../../adapters/onnxruntime/training.ts'
import { unwrap } from '../../base/fault.ts'
import { type Rng, seededRng } from '../../base/rng.ts'
import { foreignOps } from '../../onnx/allow-list.ts'
import { encodeModel } from '../../onnx/encode.ts'
import { compileModel } from '../../onnx/evaluate.ts'
import { validateModel } from '../../onnx/validate.ts'
import { compile, forward } from '../../tensor/evaluate.ts'
import { interpreter } from '../../tensor/interpreter.ts'
import { input } from '../../tensor/tensor.ts'
import type { TrainingEngine } from '../../tensor/training.ts'
import { assembleGraph } from '../graph.ts'
import type { ArmScore, Bandit, BanditOutcome, BanditState } from './bandit.ts'
import { epsilonGreedy, mostOptimistic } from './choice.ts'
import { gradientSpread } from './gradient-spread.ts'
import { linUcb } from './lin-ucb.ts'
import { neuralUcb } from './neural-ucb.ts'
import { initialTrunk, trunkFeatures, trunkTensor } from './trunk.ts'

const ARMS = ['a', 'b', 'c', 'd']
const WIDTH = 6
const DECISIONS = 4000
const small = { arms: ['a', 'b'], width: 2, hidden: [8, 4] }

/** What each arm earns on average: waves, a product, a ridge. No linear model tells them apart. */
function worths([a, b, c, d, e]: readonly number[]): number[] {
  const raw = [Math.sin(3 * a!) * Math.sign(b!), Math.cos(3 * a!), 3 * c! * d! - 0.3, 1 - 3 * Math.abs(e!)]
  return raw.map(value => Math.min(Math.max(value, -1.5), 1.5))
}

type Choose = (scores: readonly ArmScore[]) => ArmScore
const engine = onnxRuntimeTraining()

/** Regret of each quarter of 4,000 decisions, in R; the trunk is trained after 20 outcomes, 40, 80 and so on, at most 400 apart. */
async function regrets(bandit: Bandit, choose: Choose, learns: boolean): Promise<number[]> {
  const [world, noise] = [seededRng('world'), seededRng('noise')]
  const quarters = [0, 0, 0, 0]
  let state = bandit.init()
  let next = 20
  for (let step = 0; step < DECISIONS; step++) {
    const context = Array.from({ length: WIDTH }, () => 2 * world.next() - 1)
    const worth = worths(context)
    const { arm } = choose(bandit.score(state, context))
    const earned = worth[ARMS.indexOf(arm)]!
    quarters[Math.floor((4 * step) / DECISIONS)]! += Math.max(...worth) - earned
    state = bandit.learn(state, { arm, context, r: earned + 0.5 * noise.normal() })
    if (!learns || step < next || !bandit.isRetrainDue(state)) continue
    state = await bandit.retrain(state, { engine, rng: seededRng(step) })
    next = Math.min(2 * next, next + 400)
  }
  return quarters
}

const total = (quarters: readonly number[]): number => quarters.reduce((sum, value) => sum + value, 0)

test('on a non-linear bandit regret per step falls, to less than half of epsilon-greedy and of chance, and below LinUCB', async t => {
  const options = { arms: ARMS, width: WIDTH }
  const greedy =
    (epsilon: number, rng: Rng): Choose =>
    scores =>
      epsilonGreedy(scores, epsilon, rng)
  const neural = await regrets(neuralUcb({ ...options, rng: seededRng(1) }), mostOptimistic, true)
  const linear = await regrets(linUcb(options), mostOptimistic, false)
  const epsilon = await regrets(linUcb(options), greedy(0.1, seededRng('greedy')), false)
  const uniform = await regrets(linUcb(options), greedy(1, seededRng('uniform')), false)
  for (const [name, quarters] of Object.entries({ neural, linear, 'epsilon-greedy 0.1': epsilon, uniform })) {
    const perStep = quarters.map(value => (value / (DECISIONS / 4)).toFixed(3)).join(' ')
    t.diagnostic(`${name}: regret ${total(quarters).toFixed(0)} R at T = ${DECISIONS}, per step by quarter ${perStep}`)
  }
  for (const [quarter, value] of neural.entries()) assert.ok(quarter === 0 || value < neural[quarter - 1]!)
  assert.ok(total(neural) < 0.5 * total(epsilon))
  assert.ok(total(neural) < 0.5 * total(uniform))
  assert.ok(total(neural) < total(linear))
})

/** A long and a short arm that pay by the sign of a product of two columns, in regimes of which one turns it round. */
function labelled(count: number, seed: string): { rows: BanditOutcome[]; better: string[] } {
  const rng = seededRng(seed)
  const better: string[] = []
  const rows = Array.from({ length: count }, (): BanditOutcome => {
    const [trend, flow, regime] = [rng.normal(), 100 + 20 * rng.normal(), rng.int(3)]
    const edge = (regime === 2 ? -1 : 1) * Math.sign(trend) * 0.6
    better.push(edge > 0 ? 'a' : 'b')
    const arm = rng.int(2) === 0 ? 'a' : 'b'
    return { arm, context: [trend, flow, regime], r: (arm === 'a' ? edge : -edge) + 0.7 * rng.normal() }
  })
  return { rows, better }
}

test('after 500 labelled rows it takes the better arm at least nine times in ten', async t => {
  const bandit = neuralUcb({ arms: ['a', 'b'], width: 3, categories: [{ column: 2, size: 3 }], rng: seededRng(2) })
  const state = await bandit.start(labelled(500, 'history').rows, { engine, rng: seededRng(3) })
  const fresh = labelled(1000, 'fresh')
  const hits = fresh.rows.filter(
    ({ context }, i) => mostOptimistic(bandit.score(state, context)).arm === fresh.better[i],
  )
  t.diagnostic(`agrees with the better arm in ${(hits.length / 10).toFixed(1)} % of 1,000 new contexts`)
  assert.ok(hits.length >= 900)
  assert.ok(bandit.score(state, fresh.rows[0]!.context).every(({ isCold }) => !isCold))
})

function played(bandit: Bandit, state: BanditState, count: number, seed: string): BanditState {
  const rng = seededRng(seed)
  let now = state
  for (let i = 0; i < count; i++) {
    const context = [rng.normal(), rng.normal()]
    now = bandit.learn(now, { arm: bandit.arms[rng.int(2)]!, context, r: context[0]! * context[1]! })
  }
  return now
}

for (const uncertainty of ['head', 'gradient'] as const) {
  test(`uncertainty by ${uncertainty}: saved as JSON and loaded it goes on bit for bit, through a training too`, async () => {
    const make = () => neuralUcb({ ...small, uncertainty, rng: seededRng(4) })
    const bandit = make()
    const half = played(bandit, bandit.init(), 30, 'first')
    const loaded = make().load(JSON.parse(JSON.stringify(half)))
    const ends = await Promise.all(
      [half, loaded].map(async state => {
        const trained = await bandit.retrain(state, { engine: interpreter(), rng: seededRng(5) })
        return played(bandit, trained, 30, 'second')
      }),
    )
    assert.equal(JSON.stringify(ends[1]), JSON.stringify(ends[0]))
    assert.deepEqual(bandit.score(ends[1]!, [0.1, 0.2]), bandit.score(ends[0]!, [0.1, 0.2]))
  })
}

test('once trained on a graphics processor a trunk is reproducible within a tolerance only, for good', async () => {
  const bandit = neuralUcb({ ...small, rng: seededRng(4) })
  const inner = interpreter()
  const elsewhere: TrainingEngine = {
    ...inner,
    open: (program, initial) => ({ ...inner.open(program, initial), device: 'cuda' }),
  }
  const half = played(bandit, bandit.init(), 30, 'first')
  const trained = async (state: typeof half, engine: TrainingEngine) =>
    bandit.retrain(state, { engine, rng: seededRng(5) })
  assert.equal((await trained(half, inner)).reproducible, 'exact')
  const marked = await trained(half, elsewhere)
  assert.deepEqual([marked.reproducible, (await trained(marked, inner)).reproducible], ['tolerance', 'tolerance'])
  assert.equal(bandit.load(JSON.parse(JSON.stringify(marked))).reproducible, 'tolerance')
})

test('a training waits for 20 outcomes and for a new one, and builds the heads anew from the ring', async () => {
  const bandit = neuralUcb({ ...small, ring: 15, rng: seededRng(6) })
  const context = { engine: interpreter(), rng: seededRng(7) }
  assert.equal(bandit.isRetrainDue(played(bandit, bandit.init(), 19, 'few')), false)
  const many = played(bandit, bandit.init(), 60, 'many')
  assert.equal(bandit.isRetrainDue(many), true)
  const trained = await bandit.retrain(many, context)
  assert.equal(bandit.isRetrainDue(trained), false)
  assert.notDeepEqual(trained.trunk, many.trunk)
  assert.deepEqual(
    trained.arms.map(({ head, outcomes }) => [head.count, outcomes > 15]),
    [
      [15, true],
      [15, true],
    ],
  )
})

test('the trunk in plain loops is the trunk as a graph', () => {
  const widths = [3, 8, 4]
  const weights = initialTrunk(widths, seededRng('trunk'))
  const x = Float64Array.of(0.3, -2, 1)
  const graph = forward(compile(trunkTensor(input('x', [1, 3]), widths)), { ...weights, x })
  const own = trunkFeatures(weights, widths, x)
  for (const [i, value] of own.entries()) assert.ok(Math.abs(value - graph[i]!) < 1e-14)
})

test('the slopes of an arm are those of finite differences, and what was learnt is less unsure', () => {
  const widths = [3, 8, 4]
  const trunk = initialTrunk(widths, seededRng('trunk'))
  const head = Float64Array.of(0.4, -0.2, 0.9, 0.1)
  const x = Float64Array.of(0.3, -2, 1)
  const spread = gradientSpread(widths)
  assert.equal(spread.size, 3 * 8 + 3 * 8 + 8 * 4 + 3 * 4 + 4)
  const valueOf = () => trunkFeatures(trunk, widths, x).reduce((sum, phi, k) => sum + phi * head[k]!, 0)
  const numeric: number[] = []
  for (const values of [...Object.values(trunk), head]) {
    for (let i = 0; i < values.length; i++) {
      const kept = values[i]!
      const sides = [1e-6, -1e-6].map(step => {
        values[i] = kept + step
        return valueOf()
      })
      values[i] = kept
      numeric.push((sides[0]! - sides[1]!) / 2e-6)
    }
  }
  const inAnyOrder = (values: Iterable<number>) => [...values].sort((a, b) => a - b)
  const [found, wanted] = [inAnyOrder(spread.slopes(trunk, head, x)), inAnyOrder(numeric)]
  for (const [i, value] of found.entries()) assert.ok(Math.abs(value - wanted[i]!) < 1e-8)

  const bandit = neuralUcb({ ...small, uncertainty: 'gradient', noise: 1, rng: seededRng(8) })
  const before = bandit.score(bandit.init(), [1, 1])[0]!
  let learnt = bandit.init()
  for (let i = 0; i < 300; i++) learnt = bandit.learn(learnt, { arm: 'a', context: [1, 1], r: 1 })
  const [a, b] = bandit.score(learnt, [1, 1])
  assert.ok(a!.deviation < 0.5 * before.deviation && a!.mean > 0.5)
  assert.deepEqual({ ...b!, arm: 'a' }, before)
})

test('a state that is none of this bandit is refused', () => {
  const bandit = neuralUcb({ ...small, rng: seededRng(9) })
  const state = bandit.init()
  const wrong: unknown[] = [
    null,
    { ...state, kind: 'linucb' },
    { ...state, arms: [] },
    { ...state, trunk: { w0: [1] } },
  ]
  for (const saved of wrong) assert.throws(() => bandit.load(saved), { code: 'MODEL_STATE_INVALID' })
  const other = neuralUcb({ ...small, hidden: [8, 5], rng: seededRng(9) })
  assert.throws(() => other.load(state), { code: 'MODEL_STATE_INVALID' })
})

const oracle = onnxRuntimeOracle()
after(() => oracle.close())

for (const [name, make] of Object.entries({ neural_ucb: neuralUcb, linucb: linUcb })) {
  test(`${name}: the exported scores are the bandit's, in our evaluator and in the runtime`, async t => {
    const bandit = make({ arms: ['a', 'b'], width: 3, categories: [{ column: 1, size: 3 }], rng: seededRng(10) })
    const shuffled = labelled(500, 'export').rows.map(({ arm, context: [x, y, regime], r }) => ({
      arm,
      context: [x!, regime!, y!],
      r,
    }))
    const state = await bandit.start(shuffled, { engine, rng: seededRng(11) })
    const parts = [bandit.exportable(state)]
    const graph = assembleGraph({ name: 'bandit', width: 3, output: 'scores', parts, metadata: {} })
    assert.deepEqual(foreignOps(graph), [])
    const bytes = encodeModel(graph)
    const rows = Float32Array.from(shuffled.slice(0, 200).flatMap(({ context }) => context))
    const ours = unwrap(compileModel(unwrap(validateModel(bytes)))).run(rows, 200)
    const theirs = await oracle.run(bytes, rows, 200)
    let [worst, apart] = [0, 0]
    for (let row = 0; row < 200; row++) {
      const scores = bandit.score(state, [...rows.subarray(row * 3, row * 3 + 3)])
      const wanted = [...scores.map(({ mean }) => mean), ...scores.map(({ deviation }) => deviation)]
      for (const [k, value] of wanted.entries()) {
        worst = Math.max(worst, Math.abs(value - ours[row * 4 + k]!))
        apart = Math.max(apart, Math.abs(ours[row * 4 + k]! - theirs[row * 4 + k]!))
      }
    }
    t.diagnostic(`bandit to graph ${worst.toExponential(1)}, ours to ${oracle.name} ${apart.toExponential(1)}`)
    assert.ok(worst <= 1e-4 && apart <= 1e-5)
  })
}

test('uncertainty by gradients says that it is no graph', () => {
  const bandit = neuralUcb({ ...small, uncertainty: 'gradient', rng: seededRng(12) })
  assert.throws(() => bandit.exportable(bandit.init()), { code: 'NOT_EXPORTABLE' })
})

test('after ten steps the runtime has trained the trunk as the reference engine has, within 1e-4', async t => {
  const bandit = neuralUcb({ ...small, rng: seededRng(13), training: { batch: 4, passes: 1 } })
  const state = played(bandit, bandit.init(), 40, 'engines')
  const [ours, theirs] = await Promise.all(
    [interpreter(), engine].map(using => bandit.retrain(state, { engine: using, rng: seededRng(14) })),
  )
  let worst = 0
  for (const [name, values] of Object.entries(ours!.trunk)) {
    for (const [i, value] of values.entries()) worst = Math.max(worst, Math.abs(value - theirs!.trunk[name]![i]!))
  }
  t.diagnostic(`largest difference ${worst.toExponential(1)}`)
  assert.ok(worst > 0 && worst <= 1e-4)
})
