// `ratchet up --smoke`: the whole program on the demo, from the bars to a page that answers, in a folder that is erased again.

import { Fault } from '../base/fault.ts'
import { deadlineSignal } from '../base/resilience/deadline.ts'
import type { State } from '../loop/ports.ts'
import type { ReplayRequest } from '../loop/replay.ts'
import { runWatched } from '../loop/run-window.ts'
import type { Session } from './command.ts'
import { EXIT } from './exit.ts'

/** Of the minute that the whole command may take. */
const LIMIT_MS = 50_000

/** The oldest trainings of the demo may have too few rows for a release. */
const CYCLES = 4

const ENOUGH = new Fault('SMOKE_DONE', 'one release was seen')

/** Ends with 0 or 1, and nothing else: 1 says in words which part did not work. */
export async function smoke(
  session: Session,
  requestOf: (session: Session) => Promise<ReplayRequest>,
): Promise<number> {
  const { ports, out } = session
  const started = ports.stopwatch.now()
  const stateDirectory = `${session.stateDirectory}/smoke`
  const deadline = deadlineSignal(ports.timer, LIMIT_MS, '--smoke')
  let state: State | undefined
  try {
    await ports.disk.remove(stateDirectory)
    state = await ports.openState(stateDirectory)
    const opened = state
    const own = { ...session, stateDirectory, state: () => Promise.resolve(opened) }
    await oneRelease(own, requestOf, opened, deadline.signal)
    const seconds = Math.round((ports.stopwatch.now() - started) / 100) / 10
    out.result({ ok: true, seconds }, [`ok: trained, signed, published, judged and shown on a page in ${seconds} s`])
    return EXIT.done
  } catch (cause) {
    if (session.signal.aborted) throw cause
    out.problem(cause)
    return EXIT.refused
  } finally {
    deadline.end()
    await state?.close()
    await ports.disk.remove(stateDirectory)
  }
}

const noRelease = (): Fault => new Fault('SMOKE_FAILED', `the first ${CYCLES} trainings of the demo made no release`)

/** Fault: `SMOKE_FAILED`, and those of what does not work. */
async function oneRelease(
  session: Session,
  requestOf: (session: Session) => Promise<ReplayRequest>,
  state: State,
  deadline: AbortSignal,
): Promise<void> {
  const { ports, out, connect } = session
  const enough = new AbortController()
  const signal = AbortSignal.any([session.signal, deadline, enough.signal])
  let url = ''
  let cycles = 0
  let page: Promise<unknown> | undefined
  const watched = {
    port: 0,
    barsPerSecond: null,
    untilEnd: true,
    banner: ['A smoke test on the demo. Not advice.'],
    dataNote: '',
    request: () => requestOf(session),
  }
  try {
    await runWatched(watched, state, ports, {
      signal,
      onOpen: window => (url = window.url),
      onView: ({ bar, bars, text }) => out.progress(bar / bars, `bar ${bar}/${bars} ${text}`),
      onSummary: () => undefined,
      onCycle({ released }) {
        cycles++
        if (page !== undefined || (!released && cycles < CYCLES)) return
        // While the page is up; what it answered is looked at when all has ended.
        page = released ? connect(url).get('/api/status', signal) : Promise.reject(noRelease())
        const end = (): void => enough.abort(ENOUGH)
        page.then(end, end)
      },
    })
  } catch (cause) {
    if (cause !== ENOUGH) throw cause
  }
  await (page ?? Promise.reject(noRelease()))
}
