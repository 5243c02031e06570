// What the verbs of a person's hand on releases share: done on the state directory, or by the loop that runs at --url.

import { unwrap } from '../base/fault.ts'
import { type AloneRequest, operateAlone } from '../loop/operate.ts'
import type { Session } from './command.ts'

const said = (answer: unknown): string =>
  typeof answer === 'object' && answer !== null && 'done' in answer ? String(answer.done) : 'done'

type Operation = Pick<AloneRequest, 'command' | 'source'>

/** Prints what was done. Faults: refusals of the act, and those of `operateAlone`. */
export async function operated(session: Session, { command, source }: Operation): Promise<void> {
  const { out, server, signal, ports } = session
  if (server !== undefined) {
    const { type, release = 'slot', reason } = command
    const gates = 'override' in command ? command.override : undefined
    const [act, body] = gates === undefined ? [type, { reason }] : ['override', { reason, gates }]
    const done = said(await server.post(`/api/releases/${encodeURIComponent(release)}/${act}`, body, signal))
    out.result({ done }, [done])
    return
  }
  const { promotion, done, ...facts } = unwrap(
    await operateAlone({ command, source, signal }, await session.state(), ports),
  )
  const gates = promotion?.gates?.report.results.map(({ gate, result, overridden }) => {
    return { gate, result, overridden: overridden !== undefined }
  })
  out.result({ ...facts, done, ...(gates && { gates }) }, [
    done,
    ...(gates === undefined ? [] : [`gates: ${gates.map(gateWord).join(', ')}`]),
    `in charge: ${facts.inCharge ?? 'the rule-based baseline'}`,
  ])
}

const gateWord = ({ gate, result, overridden }: { gate: string; result: string; overridden: boolean }): string =>
  overridden ? `${gate} ${result}, set aside` : `${gate} ${result}`
