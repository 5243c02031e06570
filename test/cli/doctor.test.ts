import assert from 'node:assert/strict'
import { chmod, mkdir, readdir, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { test } from 'node:test'
import { Fault } from '../../src/base/fault.ts'
import type { BreakerMark } from '../../src/base/resilience/breaker.ts'
import { breakerFile } from '../../src/base/resilience/breaker-memory.ts'
import { doctor } from '../../src/loop/doctor.ts'
import type { Ports } from '../../src/loop/ports.ts'
import { runLockOf } from '../../src/loop/run-lock.ts'
import { settingsSchema } from '../../src/loop/settings.ts'
import { world } from './host.ts'

const verdicts = async (directory: string, ports: Ports) =>
  Object.fromEntries((await doctor(directory, ports)).map(({ check, verdict }) => [check, verdict]))

test('on a sound machine every line is ok, and asking leaves nothing behind', async context => {
  const { run, json, directory } = await world(context)
  const { code, out } = await run('doctor')
  assert.equal(code, 0, out)
  assert.match(out, /^ok +node +26\./)
  assert.match(out, /ok +runtime +onnxruntime \d+\.\d+\.\d+ answers as our evaluator does/)
  assert.deepEqual(await readdir(directory), [])
  const { value } = await json('doctor')
  assert.equal(value['healthy'], true)
  assert.ok((value['checks'] as readonly unknown[]).length >= 11)
})

test('what the machine lacks is named, with what to do', async context => {
  const { ports, state } = await world(context)
  const real = await ports.machine('.')
  const poor: Ports = {
    ...ports,
    machine: async () => ({
      ...real,
      node: '24.1.0',
      sqlite: { version: '3.40.0', supported: false },
      freeDiskBytes: 1e9,
      freeMemoryBytes: 1e9,
    }),
  }
  const lines = await doctor(state, poor)
  const found = Object.fromEntries(lines.map(({ check, verdict }) => [check, verdict]))
  assert.deepEqual([found['node'], found['sqlite'], found['disk'], found['memory']], ['fail', 'fail', 'fail', 'warn'])
  assert.ok(lines.filter(({ verdict }) => verdict !== 'ok').every(({ fix }) => fix !== undefined))
})

test('a clock before the program was written is wrong; the holidays must reach 60 days ahead', async context => {
  const { ports, state } = await world(context)
  const at = (time: string) => verdicts(state, { ...ports, clock: { now: () => Date.parse(time) } })
  assert.equal((await at('2001-01-01'))['clock'], 'fail')
  assert.equal((await at('2027-10-31'))['calendars'], 'ok')
  assert.equal((await at('2027-11-02'))['calendars'], 'fail')
})

test('a broken database, a readable key file, a short key and a runtime without an answer are failures', async context => {
  const { ports, state } = await world(context)
  await mkdir(join(state, 'state'), { recursive: true })
  await writeFile(join(state, 'ratchet.db'), 'this is no database, it only lies where one should be'.repeat(40))
  await writeFile(join(state, 'state/keys.json'), '{"keys":[]}')
  await chmod(join(state, 'state/keys.json'), 0o644)
  const dead = { ...ports.oracle(), run: async () => Float32Array.of(0, 0) }
  const found = await verdicts(state, { ...ports, oracle: () => dead })
  assert.deepEqual([found['database'], found['keys'], found['runtime']], ['fail', 'fail', 'fail'])
  const short = await doctor(state, { ...ports, environment: { MANIFEST_HMAC_KEY: 'short' } })
  assert.match(short.find(({ check }) => check === 'keys')!.text, /KEY_TOO_SHORT/)
})

test('a state directory at work is worth a warning, no failure', async context => {
  const { ports, state } = await world(context)
  await mkdir(state)
  const found = await ports.withLock(runLockOf(state), () => verdicts(state, ports))
  assert.equal(found['lock'], 'warn')
  assert.equal((await verdicts(state, ports))['lock'], 'ok')
})

test('a failure makes the exit code 1 and stands in both outputs', async context => {
  const { run, json } = await world(context, { environment: { MANIFEST_HMAC_KEY: 'short' } })
  const { code, out } = await run('doctor')
  assert.equal(code, 1)
  assert.match(out, /fail +keys +KEY_TOO_SHORT.*\n +To do: make one with: openssl rand -hex 32\.\n/)
  assert.equal((await json('doctor')).value['healthy'], false)
})

test('--breakers shows which places are left alone, and --reset lets them be asked again', async context => {
  const { ports, state, run, json } = await world(context)
  assert.match((await run('doctor', '--breakers')).out, /^no place has failed lately/)
  assert.deepEqual((await json('doctor', '--breakers', '--reset')).value['forgotten'], [])
  await mkdir(state, { recursive: true })
  const mark = { openForMs: 60_000, openings: 2, failures: 5, quietForMs: 0 }
  const memory = breakerFile({ disk: ports.disk, directory: state, clock: ports.clock })
  await memory.save(
    new Map<string, BreakerMark>([
      ['a.example poll', mark],
      ['b.example fetch', { ...mark, openForMs: null, failures: 1 }],
    ]),
  )
  const shown = await run('doctor', '--breakers')
  assert.equal(shown.code, 0)
  assert.match(shown.out, /^open +a\.example poll +left alone until 20\d\d-.*Z +5 failures in a row, opened 2 times$/m)
  assert.match(shown.out, /^closed +b\.example fetch +may be asked +1 failures in a row/m)
  const nobody = await run('doctor', '--breakers', '--reset', 'c.example poll')
  assert.match(nobody.err, /BREAKER_UNKNOWN: .*known: a\.example poll, b\.example fetch/)
  const { value } = await json('doctor', '--breakers', '--reset', 'a.example poll')
  assert.deepEqual(value['forgotten'], ['a.example poll'])
  assert.deepEqual([...(await memory.load()).keys()], ['b.example fetch'])
  await ports.withLock(runLockOf(state), async () => {
    assert.match((await run('doctor', '--breakers', '--reset')).err, /LOCK_BUSY/)
  })
  assert.match((await run('doctor', '--reset')).err, /--reset goes with --breakers/)
})

test('the port, the walls and the configured places are looked at, each with what to do', async context => {
  const asked: string[] = []
  const surroundings = {
    listener: async () => ({ pid: 12, name: 'other' }),
    async reach(host: string, port: number) {
      asked.push(`${host}:${port}`)
      if (host === 'down.example') throw new Fault('HOST_UNREACHABLE', 'nobody answers')
    },
    walls: async () => ({ 'no network': false, 'ends with its parent': true }),
  }
  const settings = settingsSchema.parse({
    data: { fred: { baseUrl: 'http://plain.example/fred' } },
    integrations: { mlflow: { url: 'https://down.example:8443' } },
    release: { sources: [{ name: 'shared', place: '/mnt/models' }] },
  })
  const { ports, state, run } = await world(context, {
    environment: { FRED_API_KEY: 'k' },
    ports: { surroundings, settings },
  })
  const found = Object.fromEntries((await doctor(state, ports)).map(line => [line.check, line]))
  assert.deepEqual(found['port'], {
    check: 'port',
    verdict: 'warn',
    text: '8000 is taken by other, process 12',
    fix: 'nothing to do: the next free port is taken; or name one with --port',
  })
  assert.match(found['sandbox']!.text, /^missing around processes with models of others: no network$/)
  assert.match(found['network']!.text, /^no answer from down\.example:8443 /)
  assert.deepEqual(asked, ['plain.example:80', 'down.example:8443'])
  settings.integrations.mlflow.url = null
  assert.match(
    (await run('doctor', '--network')).out,
    /^warn +network +plain\.example answer; without encryption: plain/,
  )
  settings.data.fred.baseUrl = 'https://api.example/fred'
  assert.equal((await run('doctor', '--network')).out, 'ok    network  api.example answers\n')
  assert.match((await run('doctor', '--sandbox')).out, /^warn +sandbox /)
})
