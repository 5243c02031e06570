import assert from 'node:assert/strict'
import { after, test } from 'node:test'
import { openCrew } from '../../adapters/threads/crew.ts'
import { seededRng } from '../../base/rng.ts'
import { encodeModel } from '../../onnx/encode.ts'
import type { Crew } from '../crew.ts'
import { assembleGraph } from '../graph.ts'
import type { BatchModel, LearningSet } from '../model.ts'
import type { FitPoint } from '../watch.ts'
import { extraTrees } from './extra-trees.ts'
import { classificationData, regressionData } from './fixtures/peer-data.ts'
import { gradientBoosting } from './gradient-boosting.ts'
import { randomForest } from './random-forest.ts'
import { regressionForest } from './regression-forest.ts'

const thread = new URL('../../entry/crew-thread.ts', import.meta.url)
const crews = await Promise.all([1, 7].map(helpers => openCrew({ thread, helpers })))
after(() => Promise.all(crews.map(crew => crew.close())))

/** Everything that a fit leaves: state, graph, and what was told while it went. */
function bytesOf(model: BatchModel, set: LearningSet, crew: Crew | undefined, validation?: LearningSet): string {
  const told: FitPoint[] = []
  const context = { rng: seededRng(42), crew, watch: (point: FitPoint) => void told.push(point) }
  const fitted = model.fit(set, validation === undefined ? context : { ...context, validation })
  const graph = assembleGraph({ name: 'm', width: set.width, output: 'y', parts: [fitted], metadata: {} })
  return JSON.stringify([fitted.save(), told, Buffer.from(encodeModel(graph)).toString('base64')])
}

const classes = classificationData().train
const values = regressionData()
const curved = { ...values.train, targets: values.train.targets.map(target => (target > 1 ? 1 : 0)) }
const weights = Float64Array.from({ length: classes.count }, (_, row) => 0.1 + (row % 7))

const FITS: Readonly<Record<string, (crew?: Crew) => string>> = {
  'a random forest': crew => bytesOf(randomForest({ trees: 9 }), classes, crew),
  'a weighted forest': crew => bytesOf(randomForest({ trees: 5 }), { ...classes, weights }, crew),
  'a forest for values': crew => bytesOf(regressionForest({ trees: 9 }), { ...values.train, weights }, crew),
  'extra trees': crew => bytesOf(extraTrees({ trees: 9 }), classes, crew),
  boosting: crew => bytesOf(gradientBoosting({ trees: 8 }), values.train, crew, values.test),
  'boosting by leaf, weighted': crew =>
    bytesOf(gradientBoosting({ trees: 5, growth: 'leaf', leaves: 20 }), { ...values.train, weights }, crew),
  'boosting of classes on shares of the rows': crew =>
    bytesOf(gradientBoosting({ trees: 3, loss: 'softmax', rowShare: 0.5 }), classes, crew),
  'logistic boosting': crew => bytesOf(gradientBoosting({ trees: 5, loss: 'logistic' }), curved, crew),
}

for (const [name, fit] of Object.entries(FITS)) {
  test(`${name} is the same bytes with 1, 2 and 8 threads`, () => {
    const alone = fit()
    for (const crew of crews) assert.ok(fit(crew) === alone, `${crew.helpers + 1} threads`)
  })
}
