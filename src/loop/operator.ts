// A person's word on releases and on the slot, carried to the serving room: pin, unpin, block, unblock (SRV-72). Who acts stands in the
// history beside why.

import { accepted, type Outcome } from '../base/fault.ts'
import { blockRelease, unblockRelease } from '../serving/blocks.ts'
import type { Installation } from '../serving/installation.ts'
import { pinSlot, unpinSlot } from '../serving/pins.ts'
import type { ReleaseRow } from '../serving/registry.ts'
import type { ReleaseCommand, RunCommand } from './run-control.ts'

export type KeepingCommand = Exclude<ReleaseCommand, { type: 'promote' }>

/** The installation with a person as the one who acts. */
export const asOperator = (installation: Installation): Installation => ({
  ...installation,
  stamp: { ...installation.stamp, actor: 'operator' },
})

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
  }

export const isReleaseCommand = (command: RunCommand): command is ReleaseCommand =>
  command.type === 'promote' || command.type in acts

const SENTENCES: Readonly<Record<KeepingCommand['type'], (label: string) => string>> = {
  pin: label => `pinned to ${label}: new releases are ignored`,
  unpin: () => 'the pin is gone: new releases are judged again',
  block: label => `${label} is blocked: it is never installed again`,
  unblock: label => `${label} is unblocked: it may be installed again`,
}
