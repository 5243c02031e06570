// What people may ask of a loop by the clock: a training or the end of one, that the set in charge is taken back, and their word on a release.
// Time is not theirs here.

import { type Outcome, refused } from '../base/fault.ts'
import { isReleaseCommand } from './operator.ts'
import type { ReleaseCommand, RunCommand, RunControl } from './run-control.ts'

export type ClockCommand =
  | Extract<RunCommand, { type: 'rollback' | 'train' | 'stopTraining' | 'askSources' }>
  | ReleaseCommand
export type Obey = (command: ClockCommand) => Promise<Outcome<string>>

export interface ClockControl extends Pick<RunControl, 'send'> {
  /** The loop is there. */
  obey(act: Obey): void
}

/** Refusals: `NOT_RUNNING` before the loop is there, `NO_REPLAY`, `NO_TRADING`, and those of the command. */
export function clockControl(): ClockControl {
  let act: Obey | undefined
  return {
    obey: own => void (act = own),
    async send(command) {
      if (act === undefined) return refused('NOT_RUNNING', 'the loop has not begun yet', { fix: 'ask again' })
      const { type } = command
      if (type === 'askSources' || type === 'rollback' || type === 'train' || type === 'stopTraining')
        return act(command)
      if (isReleaseCommand(command)) return act(command)
      if (command.type === 'pauseEntries' || command.type === 'flatten' || command.type === 'resumeTrading') {
        return refused('NO_TRADING', 'this loop trains and installs models; it places no orders that could be paused')
      }
      return refused('NO_REPLAY', `this loop runs by the clock: ${command.type} is for replays`, {
        fix: 'replay bars with ratchet up --bars FILE --symbol S',
      })
    },
  }
}
