import assert from 'node:assert/strict'
import { once } from 'node:events'
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { type TestContext, test } from 'node:test'
import type { MirroredTraining } from '../../trading/training-mirror.ts'
import { mlflowRuns } from './runs.ts'

type Asked = { readonly path: string; readonly body: Record<string, unknown> }
type Answer = { readonly status: number; readonly body: unknown }

/** A server that speaks MLflow's REST interface 2.0 as far as runs go. */
async function tracking(context: TestContext, given: (asked: Asked) => Answer | undefined = () => undefined) {
  const asked: Asked[] = []
  let made = false
  const answerTo = ({ path }: Asked): Answer => {
    if (path.startsWith('experiments/get-by-name')) {
      const missing = { error_code: 'RESOURCE_DOES_NOT_EXIST', message: 'No Experiment with that name exists' }
      return made
        ? { status: 200, body: { experiment: { experiment_id: '7', name: 'ratchet' } } }
        : { status: 404, body: missing }
    }
    if (path === 'experiments/create') {
      made = true
      return { status: 200, body: { experiment_id: '7' } }
    }
    if (path === 'runs/create') return { status: 200, body: { run: { info: { run_id: 'abc', experiment_id: '7' } } } }
    return { status: 200, body: {} }
  }
  const server = createServer((request, response) => {
    let text = ''
    request.setEncoding('utf8')
    request.on('data', (chunk: string) => (text += chunk))
    request.on('end', () => {
      const path = request.url!.replace('/api/2.0/mlflow/', '')
      const one = { path, body: text === '' ? {} : (JSON.parse(text) as Record<string, unknown>) }
      asked.push(one)
      const { status, body } = given(one) ?? answerTo(one)
      response.writeHead(status, { 'content-type': 'application/json' })
      response.end(typeof body === 'string' ? body : JSON.stringify(body))
    })
  })
  server.listen(0, '127.0.0.1')
  await once(server, 'listening')
  context.after(() => server.close())
  return { url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`, asked }
}

const TRAINING: MirroredTraining = {
  trainingId: 'replay-1-2',
  startedAt: 1000,
  endedAt: 5000,
  status: 'released',
  params: { symbol: 'SPX' },
  metrics: { 'meta/logLoss': 1.25, 'meta/auc': Number.NaN },
  tags: { 'ratchet.release': 'r-1' },
}

test('a training is a run of the experiment, which is made once, with its figures and its end', async context => {
  const { url, asked } = await tracking(context)
  const mirror = mlflowRuns({ url, experiment: 'ratchet' })
  await mirror.record(TRAINING)
  await mirror.record({ ...TRAINING, status: 'failed' })
  assert.deepEqual(asked.slice(0, 5), [
    { path: 'experiments/get-by-name?experiment_name=ratchet', body: {} },
    { path: 'experiments/create', body: { name: 'ratchet' } },
    { path: 'runs/create', body: { experiment_id: '7', run_name: 'replay-1-2', start_time: 1000, tags: [] } },
    {
      path: 'runs/log-batch',
      body: {
        run_id: 'abc',
        params: [{ key: 'symbol', value: 'SPX' }],
        tags: [{ key: 'ratchet.release', value: 'r-1' }],
        metrics: [{ key: 'meta/logLoss', value: 1.25, timestamp: 5000, step: 0 }],
      },
    },
    { path: 'runs/update', body: { run_id: 'abc', status: 'FINISHED', end_time: 5000 } },
  ])
  assert.deepEqual(
    asked.slice(5).map(({ path }) => path),
    ['runs/create', 'runs/log-batch', 'runs/update'],
  )
  assert.equal(asked.at(-1)!.body['status'], 'FAILED')
})

test('a refusal, an answer that is no JSON or of something else, and silence are one fault', async context => {
  const wrong: readonly Answer[] = [
    { status: 500, body: { error_code: 'INTERNAL_ERROR', message: 'no' } },
    { status: 200, body: '<html>' },
    { status: 200, body: { nothing: true } },
  ]
  for (const answer of wrong) {
    const { url } = await tracking(context, () => answer)
    await assert.rejects(mlflowRuns({ url, experiment: 'ratchet' }).record(TRAINING), { code: 'MIRROR_FAILED' })
  }
  const nobody = mlflowRuns({ url: 'http://127.0.0.1:9', experiment: 'ratchet' })
  await assert.rejects(nobody.record(TRAINING), { code: 'MIRROR_FAILED', message: 'the MLflow server does not answer' })
})
