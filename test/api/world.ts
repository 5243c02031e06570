// A state directory as a loop leaves it: a short replay of made-up bars, a release that was installed, one that was refused, trainings of
// every kind. And the server over it, in this process or behind a socket.

import { barStore } from '../../src/adapters/duckdb/bar-store.ts'
import { nodeDisk } from '../../src/adapters/files/disk.ts'
import { sqlDataSets } from '../../src/adapters/sql/data-sets.ts'
import { sqlKeyStore } from '../../src/adapters/sql/key-store.ts'
import { type AskedQuery, openReader } from '../../src/adapters/sql/open-reader.ts'
import { sqlParameterChanges } from '../../src/adapters/sql/parameter-changes.ts'
import { sqlReader } from '../../src/adapters/sql/reader.ts'
import { sqlRegistry } from '../../src/adapters/sql/registry.ts'
import { monotonicClock, systemClock } from '../../src/adapters/system/clock.ts'
import { systemTimer } from '../../src/adapters/system/timer.ts'
import { systemVitals } from '../../src/adapters/system/vitals.ts'
import type { Api } from '../../src/api/api.ts'
import type { ApiLimits } from '../../src/api/options.ts'
import { buildServer } from '../../src/api/server.ts'
import { canonicalJson } from '../../src/base/canonical-json.ts'
import type { Clock } from '../../src/base/clock.ts'
import { accepted, type Outcome, unwrap } from '../../src/base/fault.ts'
import { sha256 } from '../../src/base/hash.ts'
import { listeners } from '../../src/base/listeners.ts'
import type { Log } from '../../src/base/log.ts'
import type { ReadingListener } from '../../src/base/meter.ts'
import type { CallListener } from '../../src/base/resilience/call-fact.ts'
import { killFile } from '../../src/loop/kill-file.ts'
import type { LiveState, RunCommand, RunControl } from '../../src/loop/run-control.ts'
import type { RunReading } from '../../src/loop/run-reading.ts'
import { settingsSchema } from '../../src/loop/settings.ts'
import { signingKey } from '../../src/loop/signing-key.ts'
import { views } from '../../src/loop/views/index.ts'
import type { BuiltRelease } from '../../src/release/build.ts'
import type { HmacKey } from '../../src/release/keys.ts'
import { UNLISTED } from '../../src/release/layout.ts'
import { publishRelease } from '../../src/release/publish.ts'
import { evaluationOf, metric, roleEvaluation } from '../../src/serving/fixtures/evaluation.ts'
import { tinyRelease } from '../../src/serving/fixtures/release.ts'
import type { GateReport } from '../../src/serving/gates/run.ts'
import type { ReleaseState } from '../../src/serving/registry.ts'
import { openWorld, type World } from '../loop/ports.ts'
import { importSimulated, runReplay, SYMBOL } from '../loop/runs.ts'
import { simulatedBars } from '../loop/simulated.ts'

export const HOST = { host: 'localhost:8000' }
export const JSON_HEADERS = { ...HOST, 'content-type': 'application/json' }

/** A control that remembers what it was asked and says what the test wants said. */
export type ToyControl = RunControl & {
  readonly asked: RunCommand[]
  answer: (command: RunCommand) => Promise<Outcome<string>>
  commit(seq: number): void
  show(state: LiveState): void
}

export function toyControl(): ToyControl {
  const onLive = new Set<(state: LiveState) => void>()
  const onCommitted = new Set<(seq: number) => void>()
  let live: LiveState | undefined
  const listen = <T>(all: Set<T>, one: T) => {
    all.add(one)
    return () => void all.delete(one)
  }
  const control: ToyControl = {
    asked: [],
    answer: async ({ type }) => accepted(`did ${type}`),
    send(command) {
      control.asked.push(command)
      return control.answer(command)
    },
    live: () => live,
    onLive: listener => listen(onLive, listener),
    onCommitted: listener => listen(onCommitted, listener),
    commit: seq => onCommitted.forEach(listener => listener(seq)),
    show(state) {
      live = state
      onLive.forEach(listener => listener(state))
    },
  }
  return control
}

export const LIVE: LiveState = {
  runId: 'replay-1',
  state: 'running',
  barsPerSecond: 10,
  jumpingTo: null,
  training: null,
  phase: 'waiting',
  nextTrainingBar: 900,
}

export type ApiOptions = {
  readonly control?: RunControl
  readonly limits?: Partial<ApiLimits>
  readonly clock?: Clock
  readonly log?: Log
  readonly onCall?: (listener: CallListener) => () => void
  readonly onReadings?: (listener: ReadingListener<RunReading>) => () => void
  readonly dashboard?: string
  readonly loopSilenceMs?: () => number
}

export type Served = { readonly api: Api; readonly close: () => Promise<void> }

const quiet: Log = { write() {} }

/** The server over a state directory that was opened before. */
export async function serve(directory: string, options: ApiOptions = {}): Promise<Served> {
  const { control = toyControl(), limits = {}, clock = systemClock, log = quiet, dashboard = '/nowhere' } = options

  const disk = nodeDisk()
  const file = `${directory}/ratchet.db`
  const queries = listeners<{ query: AskedQuery }>(cause => log.write('error', 'window.queries', String(cause)))
  const database = openReader(file, query => queries.tell('query', query))
  const keys = sqlKeyStore({ file, clock: monotonicClock, timer: systemTimer })
  const records = sqlReader(database)
  const vitals = systemVitals(directory)
  const kill = killFile(directory, 'kill.txt', disk)
  const ports = {
    directory,
    records,
    registry: sqlRegistry(database),
    bars: barStore(disk, `${directory}/data`),
    dataSets: sqlDataSets(database),
    parameterChanges: sqlParameterChanges(database),
    disk,
    clock,
    environment: {},
    entropy: (count: number) => new Uint8Array(count),
    control,
    version: '0.1.0',
  }
  const api = await buildServer({
    views: views({ ports, kill, timer: systemTimer }),
    records,
    control,
    kill,
    keys,
    clock,
    timer: systemTimer,
    vitals,
    health: settingsSchema.parse({}).health,
    loopSilenceMs: options.loopSilenceMs,
    onCall: options.onCall,
    onReadings: options.onReadings,
    onQuery: listener => queries.on('query', listener),
    log,
    version: '0.1.0',
    dashboard,
    // What a test does not ask about must not stand in its way.
    limits: { requestsPerMinute: 1e6, burst: 1e6, ...limits },
  })
  return {
    api,
    async close() {
      await api.close()
      vitals.close()
      await keys.close()
      await records.close()
    },
  }
}

function builtFor(channel: string, key: HmacKey, seed: number, nowMs: number, after?: BuiltRelease): BuiltRelease {
  const over = { channel, audience: { profile: 'paper' as const, symbols: [SYMBOL] }, keys: [key] }
  const plain = tinyRelease({ seed, nowMs, ...(after === undefined ? {} : { after }), over })
  const members = new Map([...plain.files].filter(([name]) => !(UNLISTED as readonly string[]).includes(name)))
  const lineage = {
    schema: 'ratchet.lineage/1',
    data: [{ snapshotId: 'a'.repeat(64), provenance: 'real' }],
    codeVersion: '0.1.0',
    lockfileSha256: 'b'.repeat(64),
    configSha256: 'c'.repeat(64),
    seed,
    parentRelease: null,
    jobId: `${SYMBOL}-${seed}`,
    machine: 'a machine',
    durationsMs: { dataset: 12 },
  }
  members.set('lineage.json', new TextEncoder().encode(canonicalJson(lineage)))
  return tinyRelease({ seed, nowMs, ...(after === undefined ? {} : { after }), over: { ...over, members } })
}

/** Publishes a release into the channel of the run and enters it into the registry, with what the gates are to have said. */
async function enter(
  { state, ports, database }: World,
  built: BuiltRelease,
  verdict: ReleaseState,
  at: number,
): Promise<void> {
  const { manifest, manifestSha256: digest } = built
  const publisher = ports.publisher(`${state.directory}/channels/${manifest.channel}`)
  const { signal } = new AbortController()
  const { files, pointerBytes } = built
  unwrap(await publishRelease({ publisher, files, label: manifest.label, pointerBytes, signal }))
  const refused = verdict === 'refused'
  const report: GateReport = {
    schema: 'ratchet.gates/1',
    releaseId: manifest.releaseId,
    digest,
    profile: 'paper',
    champion: null,
    results: [
      { gate: 'G1', value: 'verified', limit: 'verified', result: 'pass' },
      { gate: 'G6', value: 1, limit: 0.99, result: refused ? 'fail' : 'pass', reason: 'answers everything alike' },
    ],
    notRun: [],
    verdict: refused ? 'fail' : 'pass',
    decidedBy: refused ? 'G6' : null,
  }
  const text = canonicalJson(report)
  const utf8 = (name: string) => new TextDecoder().decode(files.get(name))
  await state.registry.saveRelease(
    {
      digest,
      releaseId: manifest.releaseId,
      channel: manifest.channel,
      version: manifest.version,
      label: manifest.label,
      state: verdict,
      manifest: utf8('manifest.json'),
      evaluation: utf8('evaluation.json'),
      firstSeen: at,
    },
    [],
    { digest, at, reportSha256: sha256(text), report: text, verdict: report.verdict, decidedBy: report.decidedBy },
  )
  await state.registry.append({
    at,
    slot: 'replay',
    event: refused ? 'refused' : 'activated',
    from: null,
    to: digest,
    actor: 'test',
    cause: refused ? 'G6: answers everything alike' : 'gates passed',
    gateReportSha256: null,
    configSha256: 'c'.repeat(64),
    codeVersion: '0.1.0',
  })
  const evaluation = evaluationOf({
    symbol: SYMBOL,
    roles: {
      meta: roleEvaluation({
        holdout: { logLoss: metric(1.2) },
        baselines: { majority: { logLoss: metric(1.3) } },
        folds: { logLoss: [1.1, 1.2] },
      }),
    },
  })
  await database
    .insertInto('training_runs')
    .values({
      training_id: `replay-1-${manifest.version}`,
      run_id: 'replay-1',
      symbol: SYMBOL,
      as_of: at,
      status: 'released',
      effective_rows: 200,
      rows: 400,
      release_id: manifest.releaseId,
      channel: manifest.channel,
      version: manifest.version,
      manifest_sha256: digest,
      fault: null,
      report: canonicalJson(evaluation),
      number: manifest.version,
      duration_ms: 1500,
      curves: JSON.stringify([{ role: 'meta', curve: 'train', x: 1, y: 0.7, unit: 'logLoss' }]),
    })
    .execute()
}

export type ApiWorld = Served & {
  readonly world: World
  readonly directory: string
  readonly control: ToyControl
  readonly installed: BuiltRelease
  readonly refused: BuiltRelease
}

export const BARS = 700

export async function openApiWorld(options: ApiOptions = {}): Promise<ApiWorld> {
  const world = await openWorld()
  const market = await importSimulated(world, simulatedBars({ bars: BARS, seed: 3 }))
  await runReplay(world, market, { seed: 1, everyBars: 100, warmupBars: 10 * BARS })
  const { directory } = world.state
  const key = await signingKey(directory, world.ports)
  const at = market.series.bars[400]!.knownAt
  const installed = builtFor('replay-1', key, 1, at)
  await enter(world, installed, 'active', at)
  const later = market.series.bars[500]!.knownAt
  const refused = builtFor('replay-1', key, 2, later, installed)
  await enter(world, refused, 'refused', later)
  const lost = { run_id: 'replay-1', symbol: SYMBOL, effective_rows: null, rows: null, release_id: null, channel: null }
  await world.database
    .insertInto('training_runs')
    .values([
      {
        ...lost,
        training_id: 'replay-1-3',
        as_of: later + 1,
        status: 'failed',
        version: null,
        manifest_sha256: null,
        fault: 'TRAIN_TOO_FEW',
        report: canonicalJson({ code: 'TRAIN_TOO_FEW', sentence: 'too little data to train' }),
        number: 3,
        duration_ms: 20,
        curves: null,
      },
      {
        ...lost,
        training_id: 'replay-1-skipped-1',
        as_of: later + 2,
        status: 'skipped',
        version: null,
        manifest_sha256: null,
        fault: null,
        report: canonicalJson({ reason: 'the file SKIP_TRAINING is there' }),
        number: 4,
        duration_ms: null,
        curves: null,
      },
    ])
    .execute()
  const control = (options.control as ToyControl | undefined) ?? toyControl()
  const served = await serve(directory, { ...options, control })
  return {
    ...served,
    world,
    directory,
    control,
    installed,
    refused,
    async close() {
      await served.close()
      await world.close()
    },
  }
}
