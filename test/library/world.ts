// What a program of somebody else has around it: a published tree, in a folder and behind a web server, and a state directory of its own.

import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { TestContext } from 'node:test'
import { nodeDisk } from '../../src/adapters/files/disk.ts'
import { withFileLock } from '../../src/adapters/files/lock.ts'
import { filesPublisher } from '../../src/adapters/files/publisher.ts'
import { unwrap } from '../../src/base/fault.ts'
import {
  openRuntime,
  type Runtime,
  type RuntimeEvents,
  type RuntimeOptions,
  type SourceOptions,
} from '../../src/entry/serving.ts'
import { roleSchema } from '../../src/features/schema.ts'
import { DAY_MS } from '../../src/market/bar.ts'
import { calendarOf } from '../../src/market/calendars/index.ts'
import { cashInstrument } from '../../src/market/instrument.ts'
import type { BuiltRelease } from '../../src/release/build.ts'
import { publishRelease } from '../../src/release/publish.ts'
import { KEY, type TinyOptions, tinyRelease } from '../../src/serving/fixtures/release.ts'
import { loadModelSet } from '../../src/serving/model-set.ts'
import { publishOn } from '../faults/http-world.ts'
import { netServer } from '../faults/net.ts'

const daily = { instrument: cashInstrument('SPX', '24x7'), calendar: calendarOf('24x7'), barMs: DAY_MS }
const schema = roleSchema(daily, { hasVolume: true })

/** A release of today with our feature columns. */
export const release = (options: TinyOptions): BuiltRelease => tinyRelease({ schema, nowMs: Date.now(), ...options })

export const TRUST = { hmacKey: new TextDecoder().decode(KEY.secret.reveal()), keyid: KEY.keyid }

export type Place = {
  readonly source: SourceOptions
  publish(release: BuiltRelease): Promise<void>
  /** Nobody answers from now on. */
  goDown(): Promise<void>
}

export type World = {
  readonly directory: string
  readonly stateDir: string
  readonly place: Place
  /** Closed at the end of the test. */
  readonly open: (over?: Partial<RuntimeOptions>) => Promise<Runtime>
}

async function folder(tree: string): Promise<Place> {
  const publisher = filesPublisher({ disk: nodeDisk(), root: tree, lock: withFileLock })
  return {
    source: { kind: 'files', place: tree },
    async publish({ files, manifest, pointerBytes }) {
      const { signal } = new AbortController()
      unwrap(await publishRelease({ publisher, files, label: manifest.label, pointerBytes, signal }))
    },
    goDown: () => rm(tree, { recursive: true }),
  }
}

async function server(context: TestContext): Promise<Place> {
  const net = await netServer()
  context.after(() => net.close())
  return {
    source: { kind: 'manifest', url: net.url, allowHttp: true, requestsPerMinute: 60_000 },
    publish: async built => publishOn(net, built),
    goDown: () => net.close(),
  }
}

export async function world(context: TestContext, kind: SourceOptions['kind']): Promise<World> {
  const directory = await mkdtemp(join(tmpdir(), 'ratchet-library-'))
  const opened: Runtime[] = []
  context.after(async () => {
    for (const runtime of opened) await runtime.close()
    await rm(directory, { recursive: true, force: true })
  })
  const stateDir = join(directory, 'models')
  const place = kind === 'files' ? await folder(join(directory, 'tree')) : await server(context)
  const open = async (over: Partial<RuntimeOptions> = {}): Promise<Runtime> => {
    const options = { stateDir, source: place.source, trust: TRUST, symbol: 'SPX', channel: 'demo', keepWarmMinutes: 0 }
    const runtime = await openRuntime({ ...options, ...over })
    opened.push(runtime)
    return runtime
  }
  return { directory, stateDir, place, open }
}

/** The same release with one bit of a model changed, and everything else as it was signed. */
export function forged({ files, ...built }: BuiltRelease): BuiltRelease {
  const model = Uint8Array.from(files.get('models/meta.onnx')!)
  model[model.length >> 1]! ^= 1
  return { ...built, files: new Map(files).set('models/meta.onnx', model) }
}

/** Rows with values that differ from row to row, as a program would bring them. */
export const rowOf = (width: number, n: number): Float32Array =>
  Float32Array.from({ length: width }, (_, column) => Math.sin(n * 31 + column))

/** What the graphs of a release give for a row, asked without a runtime. */
export function truthOf({ manifest, manifestSha256, files: members }: BuiltRelease) {
  const { roles } = unwrap(loadModelSet({ manifest, manifestSha256, members }))
  return (role: string, row: Float32Array): number[] => Array.from(roles.get(role)!.run(row, 1))
}

/** The next event of a kind. */
export const next = <Name extends keyof RuntimeEvents>(runtime: Runtime, name: Name): Promise<RuntimeEvents[Name]> =>
  new Promise(resolve => {
    const off = runtime.on(name, event => {
      off()
      resolve(event)
    })
  })
