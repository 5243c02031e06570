// The composition root: reads configuration and environment, builds the adapters, hands them to the command line, handles signals.

import { randomBytes } from 'node:crypto'
import { existsSync, readFileSync, statSync } from 'node:fs'
import { availableParallelism } from 'node:os'
import { createInterface } from 'node:readline/promises'
import { fileURLToPath } from 'node:url'
import { writeLabelFile } from './adapters/duckdb/label-file.ts'
import { nodeDisk } from './adapters/files/disk.ts'
import { withFileLock } from './adapters/files/lock.ts'
import { logFiles } from './adapters/files/log-file.ts'
import { filesPublisher } from './adapters/files/publisher.ts'
import { filesSource } from './adapters/files/source.ts'
import { openTable } from './adapters/files/table.ts'
import { configuredFred } from './adapters/fred/configured.ts'
import { httpSources, isUrl } from './adapters/http/configured.ts'
import { mlflowRuns } from './adapters/mlflow/runs.ts'
import { onnxRuntimeHosts } from './adapters/onnxruntime/hosts.ts'
import { onnxRuntimeOracle } from './adapters/onnxruntime/oracle.ts'
import { onnxRuntimeProbe } from './adapters/onnxruntime/probe.ts'
import { configuredPolygon } from './adapters/polygon/configured.ts'
import { ratchetServer } from './adapters/ratchet/server.ts'
import { sqliteCopies } from './adapters/sql/copies.ts'
import { sqliteSchema } from './adapters/sql/database-schema.ts'
import { monotonicClock, systemClock } from './adapters/system/clock.ts'
import { systemHost } from './adapters/system/host.ts'
import { killOnSignal } from './adapters/system/kill-signal.ts'
import { loopLag } from './adapters/system/loop-lag.ts'
import { systemMachine } from './adapters/system/machine.ts'
import { openPage } from './adapters/system/open-page.ts'
import { processLog } from './adapters/system/process-log.ts'
import { reloadOnHangup } from './adapters/system/reload.ts'
import { stopOnSignals } from './adapters/system/stop.ts'
import { systemSurroundings } from './adapters/system/surroundings.ts'
import { systemTimer } from './adapters/system/timer.ts'
import { openWindow } from './adapters/threads/window.ts'
import { type ConfigSources, loadConfig } from './base/config.ts'
import { accepted, Fault, type Outcome, refused } from './base/fault.ts'
import { sha256 } from './base/hash.ts'
import { listeners } from './base/listeners.ts'
import type { Log } from './base/log.ts'
import { meter, type ReadingListener } from './base/meter.ts'
import { breakerFile } from './base/resilience/breaker-memory.ts'
import type { CallFact } from './base/resilience/call-fact.ts'
import { seededRng } from './base/rng.ts'
import type { GlobalOptions, Host } from './cli/command.ts'
import { EXIT } from './cli/exit.ts'
import { runCommandLine } from './cli/program.ts'
import { openState, readState } from './entry/state.ts'
import { trainElsewhere } from './entry/train-elsewhere.ts'
import { trialThreads } from './entry/trial-threads.ts'
import { earlierKey } from './loop/earlier-settings.ts'
import { mirroredState } from './loop/mirror-training.ts'
import type { BuildFacts, Ports } from './loop/ports.ts'
import { PROFILES } from './loop/profiles.ts'
import { reloadSettings, reloadWords } from './loop/reload-settings.ts'
import type { LiveState, RunCommand } from './loop/run-control.ts'
import type { RunMeter, RunReading } from './loop/run-reading.ts'
import { type Settings, settingsSchema } from './loop/settings.ts'
import { checkEnvironment, settingAliases } from './loop/settings-environment.ts'
import type { WindowData } from './loop/window.ts'

const root = new URL('..', import.meta.url)
const defaultState = process.env['RATCHET_STATE_DIR'] ?? '.ratchet'

function buildFacts(): BuildFacts {
  const { version } = JSON.parse(readFileSync(new URL('package.json', root), 'utf8')) as { version: string }
  return {
    codeVersion: version,
    lockfileSha256: sha256(readFileSync(new URL('package-lock.json', root))),
    platform: `${process.platform} ${process.arch}, node ${process.versions.node}`,
  }
}

function configFile({ config, state = defaultState }: GlobalOptions): { name: string; text: string } | undefined {
  const given = config ?? process.env['RATCHET_CONFIG']
  const name = given ?? ['ratchet.json', `${state}/ratchet.json`].find(path => existsSync(path))
  if (name === undefined) return undefined
  try {
    return { name, text: readFileSync(name, 'utf8') }
  } catch (cause) {
    throw new Fault('CONFIG_UNREADABLE', 'the configuration file cannot be read', {
      place: name,
      fix: 'check the path',
      cause,
    })
  }
}

/** Undefined where it cannot be read: whoever needs it says so. */
function textOf(path: string): string | undefined {
  try {
    return readFileSync(path, 'utf8')
  } catch (cause) {
    if (cause instanceof Error) return undefined
    throw cause
  }
}

/** An unreadable folder counts as a pulled kill switch (RSK-13). */
function present(path: string): boolean {
  try {
    return statSync(path, { throwIfNoEntry: false }) !== undefined
  } catch (cause) {
    if (cause instanceof Error) return true
    throw cause
  }
}

/** Of the calls of this process to places outside. */
const calls = listeners<{ call: CallFact }>(cause => void process.stderr.write(`${String(cause)}\n`))

/** What the loop measures of itself, for whoever serves a page. */
const measured: RunMeter = meter({ stopwatch: monotonicClock })

/** Hands over in turns of this thread, which are measured at that; nothing is while nobody listens. */
function onReadings(listener: ReadingListener<RunReading>): () => void {
  const stop = measured.on(listener)
  const end = loopLag({
    stopwatch: monotonicClock,
    onTurn(lateMs) {
      measured.note('lagSeconds', lateMs / 1000)
      measured.turn()
    },
  })
  return () => {
    end()
    stop()
  }
}

/** Child processes, ended with this one. */
const children: { close(): Promise<void> }[] = []

const configuration = (options: GlobalOptions): ConfigSources => ({
  file: configFile(options),
  env: process.env,
  sets: options.set ?? [],
  aliases: settingAliases(process.env),
  earlier: earlierKey,
  presets: PROFILES,
})

/** Opens states whose trainings go to MLflow too; undefined where no server is configured. */
function mirrorsTo(
  { integrations: { mlflow } }: Settings,
  log: Log,
  open: Ports['openState'],
): Ports['openState'] | undefined {
  const { url, experiment } = mlflow
  if (url === null) return undefined
  const mirror = mlflowRuns({ url, experiment })
  const ports = { clock: systemClock, stopwatch: monotonicClock, log }
  return async directory => mirroredState(await open(directory), mirror, ports)
}

/** Reads the configuration again; what is not valid changes nothing (CFG-08). */
function readAgain(settings: Settings, options: GlobalOptions, log: Log, act: 'check' | 'reload'): Outcome<string> {
  try {
    checkEnvironment(process.env, textOf)
    const found = reloadSettings(settings, loadConfig(settingsSchema, configuration(options)), act)
    const words = reloadWords(found)
    if (act === 'reload') log.write('warn', 'config.reloaded', `The configuration was read again: ${words}`, found)
    return accepted(words)
  } catch (cause) {
    if (!(cause instanceof Fault)) throw cause
    const { code, message, place, fix } = cause
    log.write('error', 'config.reload', `read again, nothing changed: ${message}`, { fault: cause.toJSON() })
    return refused(code, message, { ...(place !== undefined && { place }), ...(fix !== undefined && { fix }) })
  }
}

async function ports(options: GlobalOptions): Promise<Ports> {
  checkEnvironment(process.env, textOf)
  const settings = loadConfig(settingsSchema, configuration(options))
  killOnSignal(`${options.state ?? host.defaultState}/${settings.killSwitch.file}`)
  const disk = nodeDisk()
  const facts = buildFacts()
  const directory = options.state ?? defaultState
  const terminal = process.stderr.isTTY
  const log = processLog({ directory, level: () => settings.log.level, format: settings.log.format, terminal })
  process.once('exit', () => log.flush())
  reloadOnHangup(() => void readAgain(settings, options, log, 'reload'))
  const environment = process.env
  const network = {
    environment: { ...environment, RATCHET_MODE: settings.mode },
    clock: monotonicClock,
    timer: systemTimer,
    // Many bots that lost one server must not come back to it at the same moment.
    rng: seededRng(randomBytes(8).toString('hex')),
    log,
    onCall: (fact: CallFact) => calls.tell('call', fact),
    disk,
  }
  const memory = breakerFile({ disk, directory, clock: systemClock })
  const hosts = onnxRuntimeHosts({
    deadlineMs: settings.serving.inference.deadlineMs,
    onFall: (reason, up) =>
      log.write(up ? 'warn' : 'error', 'model.host', `A process with models ended: ${reason}`, { startedAgain: up }),
  })
  children.push(hosts)
  const training = trainElsewhere({
    threads: settings.training.threads ?? Math.max(1, availableParallelism() - 1),
    memoryMb: settings.training.budget.memoryMb,
    clock: systemClock,
  })
  children.push(training)
  if (settings.training.device === 'cuda') {
    log.write('warn', 'training.device', 'the models of a release are fitted on the CPU; no device is used for them')
  }
  const openOwn = (place: string) => openState(place, { settings, codeVersion: facts.codeVersion })
  const remoteSource = httpSources({ settings, memory, ...network })
  return {
    clock: systemClock,
    stopwatch: monotonicClock,
    meter: measured,
    timer: systemTimer,
    disk,
    copies: sqliteCopies,
    log,
    facts,
    settings,
    environment,
    workingDirectory: process.cwd(),
    openTable,
    openState: mirrorsTo(settings, log, openOwn) ?? openOwn,
    polygon: () => configuredPolygon({ settings: settings.data.polygon, ...network }),
    fred: () => configuredFred({ settings: settings.data.fred, ...network }),
    publisher: place => filesPublisher({ disk, root: place, lock: withFileLock }),
    source: place => (isUrl(place) ? remoteSource(place) : filesSource(place)),
    oracle() {
      const oracle = onnxRuntimeOracle()
      children.push(oracle)
      return oracle
    },
    writeLabels: (path, set) => writeLabelFile(disk, path, set),
    train: input => training.train(input),
    trialWorkers: trialThreads(settings.search.parallel ?? availableParallelism()),
    probe: onnxRuntimeProbe(),
    hosts,
    entropy: count => randomBytes(count),
    async machine(place) {
      const facts = await systemMachine(place)
      return { ...facts, cpuMs: facts.cpuMs + training.cpuMs() }
    },
    surroundings: systemSurroundings,
    host: systemHost(),
    withLock: withFileLock,
    window: ({ control, ...request }) =>
      openWindow<RunCommand, LiveState>({
        thread: new URL('entry/window-thread.ts', import.meta.url),
        data: {
          ...request,
          host: '127.0.0.1',
          development: settings.mode === 'development',
          dashboard: fileURLToPath(new URL('web/dist', root)),
          version: facts.codeVersion,
          killFile: settings.killSwitch.file,
          health: settings.health,
          backups: settings.backup.dir ?? `${request.stateDirectory}/backups`,
          log: { ...settings.log, terminal },
        } satisfies WindowData,
        timer: systemTimer,
        control: {
          send: async command =>
            command.type === 'configuration' ? readAgain(settings, options, log, command.act) : control.send(command),
        },
        onCall: listener => calls.on('call', listener),
        onReadings,
      }),
    present,
  }
}

const stopping = stopOnSignals({ write: line => void process.stderr.write(line) })

// Whoever reads our output may stop reading, as `head` does; that is no failure.
for (const stream of [process.stdout, process.stderr]) {
  stream.on('error', (error: NodeJS.ErrnoException) => {
    if (error.code !== 'EPIPE') throw error
    process.exit()
  })
}

/** One line from whoever sits at the terminal. */
async function ask(question: string): Promise<string> {
  const lines = createInterface({ input: process.stdin, output: process.stderr })
  try {
    return await lines.question(question, { signal: stopping })
  } finally {
    lines.close()
  }
}

/** How long a command whose time is over may take to end by itself. */
const OVERDUE_MS = 10_000

const host: Host = {
  terminal: {
    out: text => void process.stdout.write(text),
    err: text => void process.stderr.write(text),
    interactive: process.stderr.isTTY && (process.env['NO_COLOR'] ?? '') === '',
    columns: process.stderr.columns,
    ask: process.stdin.isTTY && process.stderr.isTTY ? ask : undefined,
  },
  ports,
  configuration,
  readState,
  copies: sqliteCopies,
  schema: sqliteSchema,
  logFiles,
  version: buildFacts().codeVersion,
  defaultState,
  sampleBars: fileURLToPath(new URL('node_modules/vega-datasets/data/sp500-2000.csv', root)),
  signal: stopping,
  // Where nothing hangs the process is gone before; what is on disk is safe at any moment.
  overdue: () => void setTimeout(() => process.exit(EXIT.unreachable), OVERDUE_MS).unref(),
  openPage: url => openPage(url),
  server: ratchetServer,
}
process.exitCode = await runCommandLine(process.argv.slice(2), host)
for (const child of children) await child.close()
