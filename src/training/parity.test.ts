import assert from 'node:assert/strict'
import { test } from 'node:test'
import { onnxRuntimeOracle } from '../adapters/onnxruntime/oracle.ts'
import { Fault, unwrap } from '../base/fault.ts'
import { seededRng } from '../base/rng.ts'
import { EXECUTION_COLUMNS } from '../market/roles.ts'
import { ulpDistance } from '../math/ulp.ts'
import { floatsAttr, intAttr } from '../onnx/build.ts'
import { encodeModel } from '../onnx/encode.ts'
import { compileModel } from '../onnx/evaluate.ts'
import type { OnnxModel } from '../onnx/model.ts'
import type { RuntimeOracle } from '../onnx/oracle.ts'
import { buildDataset, candidatesOf } from './dataset.ts'
import { makeTable } from './fixtures/candidate-table.ts'
import { echoOracle, runOf, SCHEMA } from './fixtures/run.ts'
import { roleGraph, thresholdsOf } from './graphs.ts'
import { EXECUTION_DEFAULTS } from './options.ts'
import { certify } from './parity.ts'
import { parityVectors } from './parity-vectors.ts'
import { fitExecution } from './roles/execution.ts'
import { gatherRows } from './rows.ts'
import { treeInputs } from './tree-inputs.ts'

const table = makeTable({ bars: 600, edge: true })
const { series } = runOf(table)
const data = buildDataset({ table, asOf: Date.UTC(2100, 0, 1), barMs: series.barMs })
const columns = SCHEMA['execution']!
const model = fitExecution({
  data,
  events: data.split.fit,
  columns,
  options: { ...EXECUTION_DEFAULTS, trees: 20 },
  embargoMs: series.barMs,
  rng: seededRng(1),
})
const { graph, bytes } = roleGraph({ role: 'execution', model, data, schema: SCHEMA, series, jobId: 'test' })
const evaluator = unwrap(compileModel(graph))
const validation = gatherRows(table, candidatesOf(data, data.split.holdout).rows, EXECUTION_COLUMNS)
const source = { columns, validation, training: validation, thresholds: thresholdsOf(graph), mapped: model.mapped }
const options = () => ({ rng: seededRng(42), vectors: 300, adjacent: 100 })
const vectors = parityVectors(source, options())
const width = columns.length
const rowOf = (row: number): Float32Array => vectors.rows.subarray(row * width, (row + 1) * width)

test('the pairs beside thresholds differ by one float32 step and fall on two sides of a split', () => {
  assert.equal(vectors.thresholdAdjacent, 100)
  let moved = 0
  for (let row = 300; row < 400; row += 2) {
    const [left, right] = [rowOf(row), rowOf(row + 1)]
    const changed = Array.from(left.keys()).filter(column => left[column] !== right[column])
    assert.equal(changed.length, 1)
    assert.equal(ulpDistance(left[changed[0]!]!, right[changed[0]!]!), 1)
    const mapped = model.mapped(Float32Array.of(...left, ...right), 2)
    const splits = source.thresholds.filter(({ column }) => column === changed[0])
    const crosses = splits.some(({ value }) => mapped[changed[0]!]! <= value !== mapped[width + changed[0]!]! <= value)
    assert.ok(crosses)
    moved += evaluator.run(left, 1)[0] === evaluator.run(right, 1).slice()[0] ? 0 : 1
  }
  assert.ok(moved > 0)
})

test('smallest, largest, neutral and missing rows close the list', () => {
  assert.equal(vectors.count, 300 + 100 + 4 + width)
  assert.ok(rowOf(403).every(Number.isNaN))
})

test('the same seed draws the same vectors', () => {
  assert.deepEqual(parityVectors(source, options()), vectors)
})

test('too few real rows are filled with training rows, then with rows in the ranges of the schema', () => {
  const few = parityVectors(
    { ...source, validation: validation.subarray(0, 3 * width), training: validation.subarray(0, 5 * width) },
    options(),
  )
  assert.equal(few.count, vectors.count)
  for (let at = 8 * width; at < 300 * width; at++) {
    const [low, high] = columns[at % width]!.range
    assert.ok(few.rows[at]! >= Math.fround(low) && few.rows[at]! <= Math.fround(high))
  }
})

test('a model without trees is tried at the ends of its ranges', () => {
  const { thresholdAdjacent, rows } = parityVectors({ ...source, thresholds: [] }, options())
  assert.equal(thresholdAdjacent, 100)
  const ends = columns[0]!.range.map(Math.fround)
  assert.ok(ends.includes(rows[300 * width]!))
})

/** The graph up to its trees, which answer the number of the leaf that each of them took. */
function leafNumbers(model: OnnxModel): OnnxModel {
  const at = model.nodes.findIndex(({ opType }) => opType === 'TreeEnsembleRegressor')
  const { attributes, ...trees } = model.nodes[at]!
  const { target_treeids: owners, base_values: _, ...kept } = attributes
  assert.ok(owners?.kind === 'ints')
  const count = Number(owners.value.reduce((most, tree) => (tree > most ? tree : most), 0n)) + 1
  const numbered = {
    ...trees,
    attributes: {
      ...kept,
      target_treeids: owners,
      target_ids: owners,
      target_weights: floatsAttr(Array.from(owners.value, (_tree, leaf) => leaf)),
      n_targets: intAttr(count),
    },
  }
  const [output] = trees.outputs
  return {
    ...model,
    nodes: [...model.nodes.slice(0, at), numbered],
    outputs: [{ name: output!, type: 'float', dims: ['batch', count] }],
  }
}

const certified = (oracle: RuntimeOracle) =>
  certify([{ role: 'execution', model: bytes, evaluator, vectors }], oracle, 17)

const refusal = async (oracle: RuntimeOracle): Promise<string> => {
  try {
    await certified(oracle)
  } catch (fault) {
    if (fault instanceof Fault) return `${fault.code}: ${fault.message}`
    throw fault
  }
  return 'certified'
}

test('a certificate counts what it saw', async () => {
  const { certificate, golden } = await certified(echoOracle())
  const role = certificate.roles['execution']!
  assert.deepEqual(
    [role.rows, role.thresholdAdjacent, role.maxAbsError, role.maxUlp, role.decisionFlips],
    [vectors.count, 100, 0, 0, 0],
  )
  const file = JSON.parse(new TextDecoder().decode(golden.get('execution'))) as { output: string }
  assert.equal(Buffer.from(file.output, 'base64').readFloatLE(0), evaluator.run(rowOf(0), 1)[0])
})

test('another leaf, a lost row and a number that is none are refused', async () => {
  assert.match(
    await refusal(echoOracle(answers => answers.map((answer, at) => (at === 5 ? answer + 2e-5 : answer)))),
    /^EXPORT_PARITY: .* in row 5 /,
  )
  assert.match(await refusal(echoOracle(answers => answers.subarray(1))), /^EXPORT_PARITY/)
  assert.match(
    await refusal(echoOracle(answers => answers.map((answer, at) => (at === 9 ? Number.NaN : answer)))),
    /^EXPORT_PARITY: .* in row 9 /,
  )
})

test('an error within the limit passes and is written down', async () => {
  const { certificate } = await certified(echoOracle(answers => answers.map(answer => Math.fround(answer + 4e-6))))
  const { maxAbsError } = certificate.roles['execution']!
  assert.ok(maxAbsError > 3e-6 && maxAbsError < 5e-6)
})

test('the relative error of the larger answer is written down, and where it was measured', async () => {
  const { certificate } = await certified(
    echoOracle(answers => answers.map(answer => Math.fround(answer * (1 + 2e-6)))),
  )
  const { maxRelError } = certificate.roles['execution']!
  assert.ok(maxRelError! > 1e-6 && maxRelError! < 3e-6, `${maxRelError}`)
  assert.equal(certificate.cpu, 'test')
})

test('trees that read another number elsewhere may take another leaf: refused, though the answers are the same', async () => {
  const trees = treeInputs(graph)!
  const told = (change: number): RuntimeOracle => {
    const honest = echoOracle()
    const run: RuntimeOracle['run'] = async (model, rows, count) => {
      const answers = await honest.run(model, rows, count)
      // A little more in what the trees read, in the fifth row.
      if (model.length < bytes.length) answers[5 * width] = answers[5 * width]! + change
      return answers
    }
    return { ...honest, run }
  }
  const all = [{ role: 'execution' as const, model: bytes, evaluator, vectors, trees }]
  await certify(all, told(0), 17)
  await assert.rejects(certify(all, told(1e-3), 17), { code: 'EXPORT_PARITY', message: /its trees read .* in row 5 / })
})

test('every tree takes the same leaf in the reference runtime, also one float32 step beside a threshold', async () => {
  const oracle = onnxRuntimeOracle()
  const numbered = leafNumbers(graph)
  const theirs = await oracle.run(encodeModel(numbered), vectors.rows, vectors.count)
  await oracle.close()
  assert.deepEqual(theirs, unwrap(compileModel(numbered)).run(vectors.rows, vectors.count).slice())
  assert.ok(new Set(theirs).size > 4, 'leaves differ')
})

test('splits are read from the graph, leaves are not splits', () => {
  const trees = graph.nodes.find(({ opType }) => opType === 'TreeEnsembleRegressor')!
  const modes = trees.attributes['nodes_modes']!
  assert.ok(modes.kind === 'strings')
  assert.equal(source.thresholds.length, modes.value.filter(mode => mode === 'BRANCH_LEQ').length)
  assert.deepEqual(encodeModel(graph), bytes)
})
