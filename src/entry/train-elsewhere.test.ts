import assert from 'node:assert/strict'
import { after, test } from 'node:test'
import { replayClock } from '../base/clock.ts'
import { unwrap } from '../base/fault.ts'
import { decodeModel } from '../onnx/decode.ts'
import { compileModel } from '../onnx/evaluate.ts'
import { makeTable } from '../training/fixtures/candidate-table.ts'
import { echoOracle, runOf } from '../training/fixtures/run.ts'
import type { Champion, Progress, TrainInput, TrainOutcome } from '../training/run.ts'
import { train } from '../training/train.ts'
import { trainElsewhere } from './train-elsewhere.ts'

const clock = replayClock(0)
const table = makeTable({ bars: 600, edge: true })
const elsewhere = trainElsewhere({ threads: 2, memoryMb: 2048, clock })
after(() => elsewhere.close())

function told(outcome: TrainOutcome): string {
  if (!outcome.ok) throw outcome.fault
  const members = [...outcome.members].map(([name, bytes]) => [name, Buffer.from(bytes).toString('base64')])
  return JSON.stringify({ ...outcome, members })
}
const here = await train(runOf(table))

test('a training elsewhere hands back the same bytes and figures, and tells how far it is', async () => {
  const phases = new Set<string>()
  const onProgress = ({ phase }: Progress): void => void phases.add(phase)
  const outcome = await elsewhere.train(runOf(table, { onProgress }))
  assert.ok(told(outcome) === told(here))
  assert.ok(elsewhere.cpuMs() > 0)
  assert.deepEqual([...phases], ['dataset', 'meta', 'execution', 'rl_sizer', 'evaluate', 'parity', 'release'])
})

test('the release in charge is asked where it is loaded', async () => {
  assert.ok(here.ok)
  const meta = unwrap(compileModel(unwrap(decodeModel(here.members.get('models/meta.onnx')!))))
  const asked: string[] = []
  const champion: Champion = {
    releaseId: 'r-1',
    classes: here.classes,
    async answer(role, rows, count) {
      asked.push(role)
      return role === 'meta' ? { values: meta.run(rows, count).slice(), outputs: meta.outputs } : undefined
    },
  }
  const input = runOf(table, { champion })
  assert.ok(told(await elsewhere.train(input)) === told(await train(input)))
  assert.deepEqual(asked, ['meta', 'execution', 'rl_sizer', 'meta', 'execution', 'rl_sizer'])
})

test('what makes a training fail there is its fault here', async () => {
  const oracle = echoOracle(answers => answers.map((answer, at) => (at === 77 ? answer + 1e-3 : answer)))
  const input = runOf(table, { oracle })
  const [there, own] = [await elsewhere.train(input), await train(input)]
  assert.ok(!there.ok && !own.ok)
  assert.deepEqual(
    [there.fault.code, there.fault.message, there.report],
    [own.fault.code, own.fault.message, own.report],
  )
})

test('a training is cancelled at once, and the next one runs', async () => {
  const stop = new AbortController()
  const onProgress: TrainInput['onProgress'] = ({ phase }) => void (phase === 'execution' && stop.abort())
  const outcome = await elsewhere.train(runOf(table, { onProgress, signal: stop.signal }))
  assert.ok(!outcome.ok)
  assert.deepEqual([outcome.fault.code, outcome.report.phase], ['TRAIN_CANCELLED', 'execution'])
  const late = await elsewhere.train(runOf(table, { signal: stop.signal }))
  assert.ok(!late.ok && late.fault.code === 'TRAIN_CANCELLED')
  assert.equal((await elsewhere.train(runOf(table))).ok, true)
})

test('a training that takes more memory than it may is ended, with the key to raise', async t => {
  const small = trainElsewhere({ threads: 1, memoryMb: 40, clock })
  t.after(() => small.close())
  const outcome = await small.train(runOf(table))
  assert.ok(!outcome.ok)
  assert.deepEqual([outcome.fault.code, outcome.fault.place], ['TRAIN_MEMORY', 'training.budget.memoryMb'])
})
