// A thread of a search as a program: it is given the data once and makes one trial after the other.

import { parentPort, workerData } from 'node:worker_threads'
import { servePool } from '../adapters/threads/pool-member.ts'
import { type TrialWork, tryRole } from '../training/search/role-objective.ts'
import type { TrialQuestion } from './trial-threads.ts'

if (parentPort === null) throw new Error('trial-thread.ts runs as a thread only')
const work = workerData as TrialWork
// Who asked ends this thread when nobody wants the answer any more.
const { signal } = new AbortController()
servePool(parentPort, ({ parameters, resource }: TrialQuestion) => tryRole(work, parameters, { resource, signal }))
