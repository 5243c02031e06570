// A program's own models, from a folder and over HTTP: installed, swapped while it decides, and kept while somebody forges or nobody answers.

import assert from 'node:assert/strict'
import { test } from 'node:test'
import type { Answer, Runtime } from '../../src/entry/serving.ts'
import { forged, next, release, rowOf, truthOf, world } from './world.ts'

const first = release({ seed: 1 })
const second = release({ seed: 2, after: first })
const truths = new Map([first, second].map(built => [built.releaseId, truthOf(built)]))
const WIDTHS = { meta: 17, execution: 11, rl_sizer: 10 }

/** Decides with every role on one row; all three answers must be of one release, and what its graphs give. */
function decideOnce(runtime: Runtime, n: number): Answer {
  const answers = Object.entries(WIDTHS).map(([role, width]) => {
    const row = rowOf(width, n)
    const answer = runtime.decide(role, row)
    if (!answer.ok) throw answer.fault
    assert.deepEqual(answer.value, truths.get(answer.releaseId)?.(role, row), `${role} ${n}`)
    return answer
  })
  assert.equal(new Set(answers.map(({ releaseId }) => releaseId)).size, 1)
  return answers[0]!
}

/** Decides until the work is over, and until so many decisions were made. */
async function decideWhile(runtime: Runtime, work: Promise<unknown>, least: number): Promise<Answer[]> {
  const state = { over: false }
  void work.finally(() => (state.over = true)).catch(() => undefined)
  const answers: Answer[] = []
  while (!state.over || answers.length * 3 < least) {
    for (let n = 0; n < 20; n++) answers.push(decideOnce(runtime, answers.length))
    await new Promise(setImmediate)
  }
  await work
  return answers
}

for (const kind of ['files', 'manifest'] as const) {
  test(`${kind}: a release is swapped in while 10,000 decisions run, and none is dropped or mixed`, async t => {
    const { place, open } = await world(t, kind)
    await place.publish(first)
    const runtime = await open()
    const refusal = runtime.decide('meta', rowOf(17, 0))
    assert.equal(refusal.ok ? 'answered' : refusal.fault.code, 'NO_MODEL')
    const installed = next(runtime, 'swapped')
    await runtime.sync()
    const { cause, previous, setSeq, open: openGates } = await installed
    assert.deepEqual([cause, previous, setSeq], ['installed', null, 1])
    assert.deepEqual(
      openGates.map(({ gate }) => gate),
      ['G6', 'G7', 'G9', 'G10', 'G12', 'G13'],
    )
    assert.equal(runtime.inCharge()?.releaseId, first.releaseId)
    assert.equal(runtime.inCharge()?.roles['meta']?.columns.length, 17)

    await place.publish(second)
    const answers = await decideWhile(runtime, runtime.sync(), 10_000)
    const order = answers.map(({ releaseId }) => releaseId)
    const turn = order.indexOf(second.releaseId)
    assert.ok(turn > 0, 'decisions ran before the swap')
    assert.ok(order.slice(0, turn).every(id => id === first.releaseId))
    assert.ok(order.slice(turn).every(id => id === second.releaseId))
    assert.deepEqual([answers[0]!.setSeq, answers.at(-1)!.setSeq], [1, 2])
    for (const [n, { decisionSeq }] of answers.entries()) assert.equal(decisionSeq - answers[0]!.decisionSeq, n * 3)
    t.diagnostic(`${answers.length * 3} decisions, ${turn * 3} of them before the swap`)
  })

  test(`${kind}: a forged release is refused by file while decisions go on with the models in charge`, async t => {
    const { place, open } = await world(t, kind)
    await place.publish(first)
    const runtime = await open()
    await runtime.sync()
    await place.publish(forged(second))
    const refused = next(runtime, 'refused')
    const answers = await decideWhile(runtime, runtime.sync(), 300)
    const { code, file } = await refused
    assert.deepEqual([code, file], ['MEMBER_HASH', 'models/meta.onnx'])
    assert.ok(answers.every(({ releaseId }) => releaseId === first.releaseId))
    assert.equal(runtime.inCharge()?.setSeq, 1)
  })

  test(`${kind}: after a restart with the source down it decides at once from what is on disk`, async t => {
    const { place, open } = await world(t, kind)
    await place.publish(first)
    const before = await open()
    await before.sync()
    await before.close()
    await place.goDown()
    const runtime = await open()
    const unreachable = next(runtime, 'unreachable')
    assert.equal(decideOnce(runtime, 1).releaseId, first.releaseId)
    assert.match((await unreachable).code, kind === 'files' ? /^SOURCE_EMPTY$/ : /^SOURCE_UNREACHABLE$/)
    assert.equal(decideOnce(runtime, 2).releaseId, first.releaseId)
  })
}
