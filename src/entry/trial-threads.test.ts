import assert from 'node:assert/strict'
import { test } from 'node:test'
import { DAY_MS } from '../market/bar.ts'
import { buildDataset } from '../training/dataset.ts'
import { makeTable } from '../training/fixtures/candidate-table.ts'
import { SCHEMA } from '../training/fixtures/run.ts'
import type { TrialWork } from '../training/search/role-objective.ts'
import { sizerFolds } from '../training/search/sizer-trial.ts'
import { SEARCHED_ROLES } from '../training/search/spaces.ts'
import { ownTrials } from '../training/search/trial-workers.ts'
import { trialThreads } from './trial-threads.ts'

const data = buildDataset({ table: makeTable({ bars: 600 }), asOf: Date.UTC(2100, 0, 1), barMs: DAY_MS })
const folds = sizerFolds({ data, step: 0.01, sessionOf: time => `${time}`, drawdownLimitR: 20 })

for (const role of SEARCHED_ROLES) {
  test(`trials of ${role} come to the same on threads of their own as on the one that asks`, async t => {
    const sized = role === 'rl_sizer'
    const columns = SCHEMA[role]!
    const work: TrialWork = { role, data, columns, embargoMs: DAY_MS, seed: 3, sizerFolds: sized ? folds : [] }
    const [own, threads] = [await ownTrials(work), await trialThreads(2)(work)]
    t.after(() => threads.close())
    const asked = sized
      ? [{ steps: 100 }, { steps: 100, units: 5 }]
      : [
          { trees: 25, depth: 2 },
          { trees: 25, depth: 3 },
        ]
    const tried = await Promise.all(
      [...asked, {}].map((parameters, at) => threads.attempt(parameters, at === 2 ? 1 / 9 : 1)),
    )
    for (const [at, parameters] of [...asked, {}].entries()) {
      assert.deepEqual(await own.attempt(parameters, at === 2 ? 1 / 9 : 1), tried[at])
    }
    await assert.rejects(threads.attempt({ nothing: 1 }, 1), { code: 'PARAM_INVALID' })
  })
}
