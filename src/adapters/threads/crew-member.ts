// The other end of a crew: a thread that does named jobs as they come.

import type { MessagePort } from 'node:worker_threads'
import { Fault } from '../../base/fault.ts'
import type { CrewJobs } from '../../models/crew.ts'
import type { CrewData, CrewOrder, CrewReply } from './crew-message.ts'
import { wireFault } from './wire.ts'

/** @param parent where orders come from */
export function serveCrew(parent: MessagePort, { port }: CrewData, jobs: CrewJobs): void {
  parent.on('message', ({ job, task, done }: CrewOrder) => {
    port.postMessage(reply(jobs, job, task))
    Atomics.add(done, 0, 1)
    Atomics.notify(done, 0)
  })
  parent.postMessage('ready', [])
}

function reply(jobs: CrewJobs, job: string, task: unknown): CrewReply {
  try {
    const work = jobs[job]
    if (work === undefined) throw new RangeError(`no job is called ${job}`)
    return { ok: true, value: work(task as never) }
  } catch (cause) {
    const fault =
      cause instanceof Fault ? cause : new Fault('THREAD_FAILED', `a helping thread failed: ${String(cause)}`)
    return { ok: false, fault: wireFault(fault) }
  }
}
