// What every verb of the command line is made of: arguments in, one use of the loop, one result out (CLI-01).

import type { Command as Commander } from 'commander'
import type { ConfigSources } from '../base/config.ts'
import type { DatabaseCopies } from '../base/database-copies.ts'
import type { DatabaseSchema } from '../base/database-schema.ts'
import type { LogFiles } from '../base/log.ts'
import type { Server } from '../base/server.ts'
import type { Ports, State } from '../loop/ports.ts'
import type { ConfirmOptions, Preview } from './confirm.ts'
import type { Output, Terminal } from './output.ts'

/** Options that every command has. */
export type GlobalOptions = ConfirmOptions & {
  readonly json?: boolean
  readonly quiet?: boolean
  readonly config?: string
  readonly set?: readonly string[]
  readonly state?: string
  /** False: words only, no cursor movement. */
  readonly color?: boolean
  /** Ms. */
  readonly timeout?: number
  readonly url?: string
}

/** What the composition root hands to the command line. */
export type Host = {
  readonly terminal: Terminal
  /** Reads and checks the configuration; nothing is opened before it is valid. Faults: `CONFIG_…`. */
  ports(options: GlobalOptions): Promise<Ports>
  /** What the configuration is made from. Faults: `CONFIG_UNREADABLE`. */
  configuration(options: GlobalOptions): ConfigSources
  /** Of the program, for `--version`. */
  readonly version: string
  /** Where state lives when `--state` is absent. */
  readonly defaultState: string
  /** The S&P 500 history that is replayed when no bars are named. */
  readonly sampleBars: string
  /** Aborted by the first Ctrl-C or SIGTERM. */
  readonly signal: AbortSignal
  /** Called when `--timeout` is over: what has not ended by itself soon after is ended. */
  overdue(): void
  /** The state directory for reading only: made by nobody, changed by nothing. Fault: `SCHEMA_BEHIND`. */
  readState(directory: string): Promise<State>
  readonly copies: DatabaseCopies
  readonly schema: DatabaseSchema
  readonly logFiles: LogFiles
  /** Shows a page of this program in a browser; false where there is none. */
  openPage(url: string): Promise<boolean>
  /** A running Ratchet at this address. */
  server(url: string): Server
}

/** What a verb works with; `state()` opens the state directory once and it is closed when the verb ends. */
export type Session = {
  readonly ports: Ports
  readonly out: Output
  readonly signal: AbortSignal
  readonly stateDirectory: string
  readonly sampleBars: string
  readonly state: () => Promise<State>
  /** The same for verbs that only read: beside a running loop, and without a step of the schema. */
  readonly reading: () => Promise<State>
  /** Resolves when whoever asked has seen the preview and means it (CLI-04). Faults: those of `confirm`. */
  readonly confirm: (preview: Preview) => Promise<void>
  /** Asks whoever sits at the terminal for a line; absent where nobody does. */
  readonly ask: Terminal['ask']
  readonly configuration: () => ConfigSources
  readonly copies: DatabaseCopies
  readonly schema: DatabaseSchema
  readonly logFiles: LogFiles
  readonly openPage: Host['openPage']
  /** Another Ratchet by its address. */
  readonly connect: (url: string) => Server
  /** The running Ratchet that `--url` names. */
  readonly server: Server | undefined
}

/** Runs the use and gives the exit code, 0 when nothing is given. */
export type Run<Args extends readonly unknown[]> = (session: Session, ...args: Args) => Promise<number | void>

/** Adds a verb to the program. */
export interface Verb {
  (program: Commander, act: <Args extends readonly unknown[]>(run: Run<Args>) => (...args: Args) => Promise<void>): void
}
