// `ratchet models rollback`: takes the release in charge back (SRV-62), once whoever asks has seen what that does (CLI-04).

import { z } from 'zod'
import { Fault, unwrap } from '../base/fault.ts'
import type { Server } from '../base/server.ts'
import { findRelease, listModels } from '../loop/model-catalogue.ts'
import { takeBack } from '../loop/take-back.ts'
import type { Registry } from '../serving/registry.ts'
import type { Session, Verb } from './command.ts'
import type { Preview } from './confirm.ts'
import { EXIT } from './exit.ts'
import { example, short } from './lines.ts'

type RollbackOptions = { readonly to?: string; readonly reason: string }

/** Undefined where nothing is in charge: then there is nothing to lose. Fault: those of `findRelease`. */
async function previewOf({ to }: RollbackOptions, registry: Registry): Promise<Preview | undefined> {
  const target = to === undefined ? undefined : findRelease(to, await registry.releases())
  const now = (await listModels(registry)).find(release => release.inCharge)
  if (now === undefined) return undefined
  const next = target === undefined ? 'the set before it, or else the rule-based baseline,' : `release ${target.label}`
  return {
    command: 'models rollback',
    lines: [
      `release ${now.label} stops deciding and is blocked`,
      `${next} decides from the next decision on`,
      'a blocked release is not installed again until somebody unblocks it',
    ],
    facts: { from: now.digest, to: target?.digest ?? null },
    word: now.label,
  }
}

const inChargeSchema = z.object({
  slots: z.array(z.object({ digest: z.string().nullable(), label: z.string().nullable() })),
})
const doneSchema = z.object({ done: z.string() })

/** The loop that runs there holds its models in memory, so it is the one to ask. */
async function askServer({ to, reason }: RollbackOptions, server: Server, session: Session): Promise<string> {
  const { signal, confirm } = session
  // A replay has a slot of its own; the status tells that of what runs there.
  const now = inChargeSchema.safeParse(await server.get('/api/status', signal)).data?.slots[0]
  if (now === undefined)
    throw new Fault('SERVER_ANSWER', 'the server does not say what is in charge', { place: server.url })
  const { digest, label } = now
  if (digest !== null && label !== null) {
    await confirm({
      command: 'models rollback',
      lines: [
        `release ${label} of ${server.url} stops deciding and is blocked`,
        `${to ?? 'the set before it'} decides from the next bar on`,
      ],
      facts: { from: digest, to: to ?? null, url: server.url },
      word: label,
    })
  }
  return doneSchema.parse(
    await server.post('/api/releases/rollback', { reason, ...(to !== undefined && { to }) }, signal),
  ).done
}

export const modelsRollback: Verb = (group, act) => {
  group
    .command('rollback')
    .description('take the release in charge back')
    .option('--to <release>', 'release to go back to (default: the one before)')
    .requiredOption('--reason <text>', 'why; it goes into the history')
    .addHelpText('after', example('models rollback --reason "it loses where the rules won"'))
    .action(
      act(async (session, options: RollbackOptions) => {
        const { to, reason } = options
        if (session.server !== undefined) {
          const sentence = await askServer(options, session.server, session)
          session.out.result({ done: sentence }, [sentence])
          return EXIT.done
        }
        const state = await session.state()
        const preview = await previewOf(options, state.registry)
        if (preview !== undefined) await session.confirm(preview)
        const done = unwrap(await takeBack({ to, reason }, state, session.ports))
        const name = (digest: string | null, label: string | null) =>
          digest === null ? 'the rule-based baseline' : (label ?? short(digest))
        session.out.result(done, [
          `rolled back from ${name(done.from, done.fromLabel)} to ${name(done.to, done.toLabel)}`,
        ])
        if (!done.durable) session.out.note('warning: not all of it could be written; the next start completes it')
        return done.durable ? EXIT.done : EXIT.partly
      }),
    )
}
