import assert from 'node:assert/strict'
import { after, test } from 'node:test'
import { openCrew } from '../adapters/threads/crew.ts'
import type { Crew } from '../models/crew.ts'
import { makeTable } from './fixtures/candidate-table.ts'
import { runOf } from './fixtures/run.ts'
import { train } from './train.ts'

const thread = new URL('../entry/crew-thread.ts', import.meta.url)
const crews = await Promise.all([1, 2].map(helpers => openCrew({ thread, helpers })))
after(() => Promise.all(crews.map(crew => crew.close())))
const table = makeTable({ bars: 600, edge: true })

/** Which jobs were given to the crew. */
function counted(crew: Crew, jobs: Set<string>): Crew {
  const start: Crew['start'] = (job, task) => {
    jobs.add(job)
    return crew.start(job, task)
  }
  return { helpers: crew.helpers, start }
}

async function trained(crew?: Crew): Promise<string> {
  const outcome = await train(runOf(table, { crew }))
  if (!outcome.ok) throw outcome.fault
  return JSON.stringify([...outcome.members].map(([name, bytes]) => [name, Buffer.from(bytes).toString('base64')]))
}

test('a training is the same bytes with 1, 2 and 3 threads, and they do help', async () => {
  const alone = await trained()
  for (const crew of crews) {
    const jobs = new Set<string>()
    assert.ok((await trained(counted(crew, jobs))) === alone, `${crew.helpers + 1} threads`)
    assert.deepEqual([...jobs].sort(), ['bins', 'forest'])
  }
})
