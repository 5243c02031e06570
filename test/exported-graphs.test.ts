// A release as `ratchet train` writes it: its graphs pass an independent checker, and our evaluator answers like the runtime.

import assert from 'node:assert/strict'
import { spawnSync } from 'node:child_process'
import { mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { after, test } from 'node:test'
import { fileURLToPath } from 'node:url'
import { onnxRuntimeOracle } from '../src/adapters/onnxruntime/oracle.ts'
import { unwrap } from '../src/base/fault.ts'
import { type Rng, seededRng } from '../src/base/rng.ts'
import { compileModel } from '../src/onnx/evaluate.ts'
import { validateModel } from '../src/onnx/validate.ts'
import type { GoldenVectors } from '../src/release/evaluation.ts'
import { STANDARD_ROLES } from '../src/release/release.ts'

const ROWS = 10_000
const app = fileURLToPath(new URL('../src/app.ts', import.meta.url))
const sample = fileURLToPath(new URL('../node_modules/vega-datasets/data/sp500-2000.csv', import.meta.url))
const folder = mkdtempSync(join(tmpdir(), 'ratchet-graphs-'))
const release = join(folder, 'release')
const oracle = onnxRuntimeOracle()
after(async () => {
  await oracle.close()
  rmSync(folder, { recursive: true, force: true })
})

const trained = spawnSync(
  process.execPath,
  [app, 'train', '--bars', sample, '--symbol', 'SPX', '--out', release, '--state', join(folder, 'state'), '--json'],
  { encoding: 'utf8' },
)

test('train writes a release of three graphs', () => {
  assert.equal(trained.status, 0, trained.stderr)
  assert.deepEqual(readdirSync(join(release, 'models')).sort(), ['execution.onnx', 'meta.onnx', 'rl_sizer.onnx'])
})

const checker = 'import onnx, sys\nfor f in sys.argv[1:]: onnx.checker.check_model(onnx.load(f), full_check=False)\n'
const python = '/usr/bin/python3'
const hasChecker = spawnSync(python, ['-c', 'import onnx']).status === 0

test('the checker of the onnx package accepts all three', {
  skip: hasChecker ? false : 'python3-onnx is not installed',
}, () => {
  const files = STANDARD_ROLES.map(role => join(release, 'models', `${role}.onnx`))
  const run = spawnSync(python, ['-c', checker, ...files], { encoding: 'utf8' })
  assert.equal(run.status, 0, run.stderr)
})

/** The golden rows, then rows drawn around them: what the model meets, its edges, and what lies a little off. */
function rowsAround({ input, rows, width }: GoldenVectors, rng: Rng): Float32Array {
  const golden = new Float32Array(Uint8Array.from(Buffer.from(input, 'base64')).buffer)
  return Float32Array.from({ length: ROWS * width }, (_, i) =>
    i < golden.length ? golden[i]! : golden[rng.int(rows) * width + (i % width)]! * (1 + 0.02 * rng.normal()),
  )
}

/** What the brain does with an answer: the likeliest class, an expected R that is enough, a size in tenths. */
function decisions(role: string, outputs: Float32Array, width: number): number[] {
  return Array.from({ length: ROWS }, (_, row) => {
    const answer = outputs.subarray(row * width, (row + 1) * width)
    if (role === 'meta') return answer.indexOf(Math.max(...answer))
    return role === 'execution' ? Number(answer[0]! >= 0.05) : Math.round(answer[0]! * 10)
  })
}

for (const role of STANDARD_ROLES) {
  test(`${role}: on ${ROWS} rows our evaluator is within 1e-5 of the runtime and decides the same`, async t => {
    const bytes = readFileSync(join(release, 'models', `${role}.onnx`))
    const golden = JSON.parse(readFileSync(join(release, 'golden', `${role}.json`), 'utf8')) as GoldenVectors
    const evaluator = unwrap(compileModel(unwrap(validateModel(bytes))))
    const rows = rowsAround(golden, seededRng(1))
    const ours = evaluator.run(rows, ROWS).slice()
    const theirs = await oracle.run(bytes, rows, ROWS)
    assert.equal(ours.length, theirs.length)
    const error = ours.reduce((most, value, i) => Math.max(most, Math.abs(value - theirs[i]!)), 0)
    const wanted = decisions(role, theirs, evaluator.outputs)
    const flips = decisions(role, ours, evaluator.outputs).filter((choice, row) => choice !== wanted[row])
    t.diagnostic(
      `${role}: ${ROWS} rows, largest difference ${error.toExponential(1)}, ${flips.length} flips, ${oracle.name}`,
    )
    assert.ok(error <= 1e-5)
    assert.equal(flips.length, 0)
  })
}
