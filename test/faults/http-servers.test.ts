// Section A of the fault catalogue: every faulty server is refused by its own code, and the release in charge stays (KEEP).

import assert from 'node:assert/strict'
import { type TestContext, test } from 'node:test'
import { Fault } from '../../src/base/fault.ts'
import { POINTER_PATH } from '../../src/release/layout.ts'
import type { ReleaseSource } from '../../src/release/source.ts'
import { fresh, keepingBot } from './http-bot.ts'
import { FAULTY_SERVERS, type FaultyServer } from './http-servers.ts'
import { publishOn, sourceAt } from './http-world.ts'
import { type NetServer, netServer } from './net.ts'

type Found = { readonly code: string; readonly kept: string | undefined; readonly server: NetServer }

/** What a bot makes of this server through such a source. */
async function meet(
  { rules = [], net, options = {}, base }: FaultyServer,
  make: (base: string, options: FaultyServer['options']) => ReleaseSource,
  t: TestContext,
  signal?: AbortSignal,
): Promise<Found> {
  const server = await netServer(net)
  t.after(() => server.close())
  publishOn(server, fresh)
  server.schedule(...(typeof rules === 'function' ? rules(server) : rules))
  const bot = await keepingBot()
  const code = await bot.pass(make(base?.(server) ?? server.url, options), signal)
  try {
    bot.assertKept('a refused pass')
    return { code, kept: undefined, server }
  } catch (cause) {
    return { code, kept: cause instanceof Error ? cause.message : 'not kept', server }
  }
}

for (const faulty of FAULTY_SERVERS) {
  test(`fault ${faulty.number}: ${faulty.what} is ${faulty.code}, and the release in charge stays`, async t => {
    const { code, kept, server } = await meet(faulty, sourceAt, t)
    assert.deepEqual([code, kept], [faulty.code, undefined])
    if (faulty.requests !== undefined) assert.equal(server.requests.length, faulty.requests)
    // Nothing is held open: neither by the source nor, for long, by the system.
    for (let n = 0; n < 200 && server.connections() > 0; n++) await new Promise(setImmediate)
    if (faulty.base === undefined) assert.equal(server.connections(), 0)
  })
}

test('more than ten codes tell the faults apart', t => {
  const codes = new Set(FAULTY_SERVERS.map(({ code }) => code))
  assert.ok(codes.size >= 20, `${codes.size}`)
  t.diagnostic(`${FAULTY_SERVERS.length} faulty servers, ${codes.size} codes: ${[...codes].sort().join(' ')}`)
})

/** What one writes on a Friday afternoon: everything the real source is careful about is missing. */
function carelessSource(base: string): ReleaseSource {
  const get = async (path: string, signal: AbortSignal) => {
    const answer = await fetch(`${base}/${path}`, { signal })
    if (answer.status === 404) throw new Fault('FILE_MISSING', 'is not there', { place: path })
    return new Uint8Array(await answer.arrayBuffer())
  }
  return {
    describe: () => ({ kind: 'careless', place: base }),
    async discover(_, signal) {
      const text = Buffer.from(await get(POINTER_PATH, signal)).toString('hex')
      const candidate = { layout: 'tree' as const, root: '', pointer: { path: POINTER_PATH } }
      return { kind: 'found', cursor: text, candidates: [candidate] }
    },
    async *open({ path }, { offset, limit }, signal) {
      yield (await get(path, signal)).subarray(offset, offset + limit)
    },
  }
}

test('the faulty servers find a source that is careless', async t => {
  const found: string[] = []
  for (const faulty of FAULTY_SERVERS) {
    if (faulty.net?.tls !== undefined || faulty.base !== undefined) continue
    const hang = new AbortController()
    const limit = setTimeout(() => hang.abort(new Error('hangs')), 200)
    try {
      const { code, kept } = await meet(faulty, carelessSource, t, hang.signal)
      if (code !== faulty.code || kept !== undefined) found.push(`${faulty.what}: ${code}`)
    } catch {
      found.push(`${faulty.what}: hangs`)
    } finally {
      clearTimeout(limit)
    }
  }
  t.diagnostic(found.join('; '))
  for (const what of [
    'a byte now and then',
    'silence after the headers',
    'a model without length or end',
    'a packed file',
  ])
    assert.ok(
      found.some(line => line.startsWith(what)),
      what,
    )
  assert.ok(found.length >= 12, `${found.length}`)
})
