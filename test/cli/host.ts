// The command line in this process, with the real adapters and a terminal that remembers: what `app.ts` wires, for tests.

import { randomBytes } from 'node:crypto'
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { TestContext } from 'node:test'
import { fileURLToPath } from 'node:url'
import { writeLabelFile } from '../../src/adapters/duckdb/label-file.ts'
import { nodeDisk } from '../../src/adapters/files/disk.ts'
import { withFileLock } from '../../src/adapters/files/lock.ts'
import { logFiles } from '../../src/adapters/files/log-file.ts'
import { filesPublisher } from '../../src/adapters/files/publisher.ts'
import { filesSource } from '../../src/adapters/files/source.ts'
import { openTable } from '../../src/adapters/files/table.ts'
import { onnxRuntimeOracle } from '../../src/adapters/onnxruntime/oracle.ts'
import { ratchetServer } from '../../src/adapters/ratchet/server.ts'
import { sqliteCopies } from '../../src/adapters/sql/copies.ts'
import { sqliteSchema } from '../../src/adapters/sql/database-schema.ts'
import { monotonicClock, systemClock } from '../../src/adapters/system/clock.ts'
import { systemHost } from '../../src/adapters/system/host.ts'
import { lineLog } from '../../src/adapters/system/log.ts'
import { systemMachine } from '../../src/adapters/system/machine.ts'
import { systemTimer } from '../../src/adapters/system/timer.ts'
import type { Clock } from '../../src/base/clock.ts'
import { type ConfigSources, loadConfig } from '../../src/base/config.ts'
import { Fault } from '../../src/base/fault.ts'
import type { GlobalOptions, Verb } from '../../src/cli/command.ts'
import { runCommandLine } from '../../src/cli/program.ts'
import { openState, readState } from '../../src/entry/state.ts'
import { earlierKey } from '../../src/loop/earlier-settings.ts'
import type { Ports } from '../../src/loop/ports.ts'
import { settingsSchema } from '../../src/loop/settings.ts'

export const SAMPLE = fileURLToPath(new URL('../../node_modules/vega-datasets/data/sp500-2000.csv', import.meta.url))

export type Said = { readonly code: number; readonly out: string; readonly err: string }

export type World = {
  readonly directory: string
  /** The state directory inside it; not there before the first command that opens it. */
  readonly state: string
  readonly ports: Ports
  /** Runs a command line on the state directory. */
  readonly run: (...args: readonly string[]) => Promise<Said>
  /** The same with `--json`, parsed. */
  readonly json: (
    ...args: readonly string[]
  ) => Promise<{ readonly code: number; readonly value: Record<string, unknown> }>
}

export type WorldOptions = {
  readonly environment?: Readonly<Record<string, string>>
  readonly clock?: Clock
  readonly interactive?: boolean
  readonly signal?: AbortSignal
  /** Whoever sits at the terminal. */
  readonly ask?: (question: string) => Promise<string>
  /** In place of the real ones. */
  readonly ports?: Partial<Ports>
  readonly verbs?: readonly Verb[]
  readonly openPage?: (url: string) => Promise<boolean>
  /** In place of the history that comes with the program. */
  readonly sampleBars?: string
  /** The configuration file, for the verbs that show it. */
  readonly configuration?: Pick<ConfigSources, 'file'>
}

/** A place of its own for one test, removed at its end. */
export async function world(context: TestContext, options: WorldOptions = {}): Promise<World> {
  const { environment = {}, clock = systemClock, interactive = false } = options
  const { signal = new AbortController().signal, ask } = options
  const directory = await mkdtemp(join(tmpdir(), 'ratchet-cli-'))
  context.after(() => rm(directory, { recursive: true, force: true }))
  const state = join(directory, 'state')
  const disk = nodeDisk()
  let err = ''
  const ports: Ports = {
    clock,
    stopwatch: monotonicClock,
    timer: systemTimer,
    disk,
    log: lineLog({ clock, write: line => (err += line), format: 'json', level: 'warn' }),
    facts: { codeVersion: '0.1.0', lockfileSha256: '0'.repeat(64), platform: 'test' },
    settings: loadConfig(settingsSchema, { env: {}, sets: [] }),
    environment,
    workingDirectory: directory,
    openTable,
    openState,
    polygon: () => Promise.reject(new Fault('NO_VENDOR', 'there is no vendor here')),
    fred: () => Promise.reject(new Fault('NO_VENDOR', 'there is no vendor here')),
    publisher: root => filesPublisher({ disk, root, lock: withFileLock }),
    source: filesSource,
    oracle: onnxRuntimeOracle,
    writeLabels: (path, set) => writeLabelFile(disk, path, set),
    entropy: count => randomBytes(count),
    machine: systemMachine,
    host: systemHost(),
    withLock: withFileLock,
    window: () => Promise.reject(new Fault('NO_WINDOW', 'there is no page here', { fix: 'use --headless' })),
    present: () => false,
    ...options.ports,
  }
  const run = async (...args: readonly string[]): Promise<Said> => {
    let out = ''
    err = ''
    const terminal = { out: (text: string) => (out += text), err: (text: string) => (err += text), interactive, ask }
    const host = {
      terminal,
      version: '0.1.0',
      defaultState: state,
      sampleBars: options.sampleBars ?? SAMPLE,
      signal,
      ports: async () => ports,
      configuration: ({ set = [] }: GlobalOptions) => ({
        ...options.configuration,
        env: environment,
        sets: set,
        earlier: earlierKey,
      }),
      overdue: () => undefined,
      readState,
      copies: sqliteCopies,
      schema: sqliteSchema,
      logFiles,
      openPage: options.openPage ?? (() => Promise.resolve(false)),
      server: ratchetServer,
    }
    const code = await runCommandLine(args, host, options.verbs)
    return { code, out, err }
  }
  return {
    directory,
    state,
    ports,
    run,
    async json(...args) {
      const { code, out } = await run(...args, '--json')
      return { code, value: JSON.parse(out) as Record<string, unknown> }
    },
  }
}
