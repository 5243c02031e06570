// Our side of the tree duels: fits one forest or one boosted ensemble on the rows of `data.ts`, from raw columns to a finished model.

import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { openCrew } from '../../src/adapters/threads/crew.ts'
import { seededRng } from '../../src/base/rng.ts'
import type { LearningSet } from '../../src/models/model.ts'
import { gradientBoosting } from '../../src/models/trees/gradient-boosting.ts'
import { randomForest } from '../../src/models/trees/random-forest.ts'
import { CLASSES, WIDTH } from './data.ts'

type Task = {
  readonly model: 'forest' | 'boosting'
  readonly trees: number
  readonly depth: number
  readonly rate: number
  /** Of the rows, per round; all where absent. */
  readonly rowShare?: number
  readonly seed: number
  readonly threads: number
  readonly data: string
}

const task = JSON.parse(process.argv[2]!) as Task
const floats = (name: string): Float32Array =>
  new Float32Array(new Uint8Array(readFileSync(join(task.data, name))).buffer)
const isForest = task.model === 'forest'

function part(name: 'train' | 'test'): LearningSet {
  const rows = floats(`${name}.x`)
  const targets = isForest ? Float32Array.from(readFileSync(join(task.data, `${name}.c`))) : floats(`${name}.y`)
  return { rows, count: targets.length, width: WIDTH, targets, classes: isForest ? CLASSES : 1 }
}

/** Share of rows whose likeliest class is theirs. */
function accuracy(shares: Float32Array, { targets, count }: LearningSet): number {
  let right = 0
  for (let row = 0; row < count; row++) {
    const own = shares.subarray(row * CLASSES, (row + 1) * CLASSES)
    if (own.indexOf(Math.max(...own)) === targets[row]) right++
  }
  return right / count
}

function r2(values: Float32Array, { targets, count }: LearningSet): number {
  let mean = 0
  for (const target of targets) mean += target / count
  let [errors, spread] = [0, 0]
  for (let row = 0; row < count; row++) {
    errors += (values[row]! - targets[row]!) ** 2
    spread += (targets[row]! - mean) ** 2
  }
  return 1 - errors / spread
}

const { trees, depth, rate, rowShare = 1 } = task
const model = isForest
  ? randomForest({ trees, depth, minSplit: 2, minLeaf: 1, classWeight: 'equal' })
  : gradientBoosting({ trees, depth, rate, rowShare })
const crew =
  task.threads > 1
    ? await openCrew({ thread: new URL('../../src/entry/crew-thread.ts', import.meta.url), helpers: task.threads - 1 })
    : undefined
const [train, test] = [part('train'), part('test')]
const start = performance.now()
const fitted = model.fit(train, { rng: seededRng(task.seed), crew })
const value = (performance.now() - start) / 1000
const peakMb = process.resourceUsage().maxRSS / 1024
const predicted = fitted.predict(test.rows, test.count)
const quality = isForest ? accuracy(predicted, test) : r2(predicted, test)
await crew?.close()
console.log(JSON.stringify({ value, quality, peakMb, versions: { node: process.version } }))
