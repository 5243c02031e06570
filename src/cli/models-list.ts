// `ratchet models list`: the releases that this installation knows.

import { z } from 'zod'
import type { Server } from '../base/server.ts'
import { listModels, type ModelEntry } from '../loop/model-catalogue.ts'
import { askAll, askOne } from './ask-server.ts'
import type { Session, Verb } from './command.ts'
import { example, short, table, utcMoment } from './lines.ts'

const statusSchema = z.object({
  slots: z.array(z.object({ slot: z.string(), digest: z.string().nullable(), label: z.string().nullable() })),
})
const releaseSchema = z.object({
  digest: z.string(),
  releaseId: z.string(),
  label: z.string(),
  channel: z.string(),
  version: z.number(),
  state: z.string(),
  firstSeen: z.number(),
  blocked: z.boolean(),
  reason: z.string().nullable(),
})

type Listed = Pick<ModelEntry, 'label' | 'version' | 'channel' | 'digest' | 'firstSeen'> & { readonly state: string }

const rowOf = (
  { label, version, state, channel, digest, firstSeen }: Listed,
  blocked: string | undefined,
): string[] => [
  `  ${label}`,
  `version ${version}`,
  state,
  channel,
  short(digest),
  utcMoment(firstSeen),
  blocked === undefined ? '' : `blocked: ${blocked}`,
]

/** What runs there has one slot: the one that decides. */
async function listThere(server: Server, { out, signal }: Session): Promise<void> {
  const { slots } = await askOne(server, '/api/status', statusSchema, signal)
  const releases = await askAll(server, '/api/releases', releaseSchema, signal)
  const [deciding] = slots
  const lines = [
    `in charge of ${server.url}: ${deciding?.label ?? 'the rule-based baseline'}`,
    ...table(releases.map(({ blocked, reason, ...release }) => rowOf(release, blocked ? (reason ?? '') : undefined))),
  ]
  out.result({ url: server.url, slots, inCharge: deciding?.digest ?? null, releases }, lines)
}

export const modelsList: Verb = (group, act) => {
  group
    .command('list')
    .description('list the releases')
    .addHelpText('after', example('models list'))
    .action(
      act(async session => {
        if (session.server !== undefined) return listThere(session.server, session)
        const { registry } = await session.reading()
        const releases = await listModels(registry)
        const inCharge = releases.find(release => release.inCharge)
        const replayed = releases.find(release => release.inReplay)
        const named = (entry: ModelEntry): string => `${entry.label} (${entry.releaseId})`
        const lines = [
          `in charge: ${inCharge === undefined ? 'the rule-based baseline' : named(inCharge)}`,
          ...(replayed === undefined ? [] : [`in charge of the replay: ${named(replayed)}`]),
          ...table(releases.map(({ block, ...release }) => rowOf(release, block?.reason))),
        ]
        if (releases.length === 0) lines.push('no release yet; make one with: ratchet up, or ratchet train')
        session.out.result({ inCharge: inCharge?.digest ?? null, inReplay: replayed?.digest ?? null, releases }, lines)
      }),
    )
}
