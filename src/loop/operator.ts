// A person's word on releases and on the slot, carried to the serving room: pin, unpin, block, unblock, resume (SRV-72). Who acts stands in
// the history beside why.

import { accepted, type Outcome, refused } from '../base/fault.ts'
import { blockRelease, unblockRelease } from '../serving/blocks.ts'
import type { Installation } from '../serving/installation.ts'
import { pinOf, pinSlot, unpinSlot } from '../serving/pins.ts'
import { promotionPause, resumePromotion } from '../serving/promotion-pause.ts'
import type { Registry, ReleaseRow } from '../serving/registry.ts'
import { findRelease } from './model-catalogue.ts'
import type { ReleaseCommand, RunCommand } from './run-control.ts'

export type KeepingCommand = Exclude<ReleaseCommand, { type: 'promote' }>

/** The installation with a person as the one who acts. */
export const asOperator = (installation: Installation): Installation => ({
  ...installation,
  stamp: { ...installation.stamp, actor: 'operator' },
})

type SlotNow = { readonly registry: Registry; readonly slot: string; readonly nowMs: number }

type SlotAct = {
  /** Digest of the release that it is about; nobody has to name it. */
  readonly subject: (at: SlotNow) => Promise<string | null | undefined>
  readonly nothing: Outcome<never>
}

const ON_SLOT: Readonly<Partial<Record<ReleaseCommand['type'], SlotAct>>> = {
  unpin: {
    subject: async ({ registry, slot }) => (await pinOf(registry, slot))?.digest,
    nothing: refused('NOT_PINNED', 'the slot is not pinned'),
  },
  resumePromotion: {
    subject: async ({ registry, slot, nowMs }) => (await promotionPause(registry, slot, nowMs))?.digest,
    nothing: refused('NOT_PAUSED', 'automatic promotion is not paused'),
  },
}

/**
 * The release that an act is about. Refusals: `NOT_PINNED`, `NOT_PAUSED`.
 *
 * @throws those of `findRelease`
 */
export async function releaseOf(
  { type, release = '' }: { readonly type: ReleaseCommand['type']; readonly release?: string | undefined },
  at: SlotNow,
): Promise<Outcome<ReleaseRow>> {
  const act = ON_SLOT[type]
  const name = act === undefined ? release : await act.subject(at)
  return typeof name === 'string' ? accepted(findRelease(name, await at.registry.releases())) : act!.nothing
}

/** @returns one sentence of what was done. Refusals: those of the act */
export async function keep(
  type: KeepingCommand['type'],
  release: ReleaseRow,
  reason: string,
  installation: Installation,
): Promise<Outcome<string>> {
  const { label, digest } = release
  const done = await acts[type]({ release, digest, reason }, installation)
  return done.ok ? accepted(SENTENCES[type](label)) : done
}

type Request = { readonly release: ReleaseRow; readonly digest: string; readonly reason: string }

const acts: Readonly<Record<KeepingCommand['type'], (asked: Request, at: Installation) => Promise<Outcome<unknown>>>> =
  {
    pin: pinSlot,
    unpin: unpinSlot,
    block: blockRelease,
    unblock: unblockRelease,
    resumePromotion,
  }

export const isReleaseCommand = (command: RunCommand): command is ReleaseCommand =>
  command.type === 'promote' || command.type in acts

const SENTENCES: Readonly<Record<KeepingCommand['type'], (label: string) => string>> = {
  pin: label => `pinned to ${label}: new releases are ignored`,
  unpin: () => 'the pin is gone: new releases are judged again',
  block: label => `${label} is blocked: it is never installed again`,
  resumePromotion: () => 'releases that pass their gates take charge by themselves again',
  unblock: label => `${label} is unblocked: it may be installed again`,
}
