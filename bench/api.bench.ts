// The API at a pace that it can keep, and at ten times that: whoever is let in must be answered about as fast as before, the rest is sent
// away at once, and the kill switch and health are answered first (PRF-01, fault 163). Limits per address are lifted, since all requests
// come from here. Figures depend on whatever else the machine does. Exit 1 where one of the checks fails. Run it:
//   node bench/api.bench.ts [seconds of each part, default 10]

import { type ChildProcess, fork } from 'node:child_process'
import { once } from 'node:events'
import { Agent, type IncomingMessage, request } from 'node:http'
import { cpus } from 'node:os'
import { setTimeout as sleep } from 'node:timers/promises'
import { fileURLToPath } from 'node:url'
import { listen } from '../src/api/listen.ts'
import { openApiWorld } from '../test/api/world.ts'

const PATH = '/api/decisions?limit=200'
const [role = '10'] = process.argv.slice(2)

async function serve(): Promise<void> {
  const world = await openApiWorld()
  const { port } = await listen(world.api, { host: '127.0.0.1', port: 0, development: true })
  process.send?.(port)
  await once(process, 'disconnect')
  await world.close()
}

type Answer = { readonly status: number; readonly ms: number }

const agent = new Agent({ keepAlive: true, maxSockets: 2000 })

async function ask(port: number, path: string, method = 'GET'): Promise<Answer> {
  const began = performance.now()
  const asked = request({ host: '127.0.0.1', port, path, method, agent })
  asked.end()
  const [response] = (await once(asked, 'response')) as [IncomingMessage]
  response.resume()
  await once(response, 'end')
  return { status: response.statusCode ?? 0, ms: performance.now() - began }
}

/** So many a second, whether or not those before were answered; the kill switch and health beside them. */
async function pace(port: number, perSecond: number, seconds: number) {
  const flood: Promise<Answer>[] = []
  const first: Promise<Answer>[] = []
  const began = performance.now()
  for (let passed = 0; passed < seconds; passed = (performance.now() - began) / 1000) {
    while (flood.length < passed * perSecond) flood.push(ask(port, PATH))
    while (first.length < passed * 10) {
      first.push(first.length % 2 === 0 ? ask(port, '/api/kill', 'POST') : ask(port, '/healthz'))
    }
    await sleep(2)
  }
  return { flood: await Promise.all(flood), first: await Promise.all(first) }
}

const p = (share: number, answers: readonly Answer[]): number => {
  const sorted = answers.map(({ ms }) => ms).sort((a, b) => a - b)
  return Number((sorted[Math.min(sorted.length - 1, Math.floor(share * sorted.length))] ?? Number.NaN).toFixed(1))
}

function line(name: string, { flood, first }: Awaited<ReturnType<typeof pace>>, perSecond: number) {
  const admitted = flood.filter(({ status }) => status === 200)
  const shed = flood.filter(({ status }) => status === 503)
  return {
    name,
    perSecond: Number(perSecond.toFixed(1)),
    asked: flood.length,
    admitted: admitted.length,
    shed: shed.length,
    otherwise: flood.length - admitted.length - shed.length,
    admittedP50Ms: p(0.5, admitted),
    admittedP99Ms: p(0.99, admitted),
    shedP99Ms: p(0.99, shed),
    firstAnswered: first.filter(({ status }) => status === 200).length,
    firstAsked: first.length,
    firstP99Ms: p(0.99, first),
  }
}

async function measure(seconds: number): Promise<void> {
  const child: ChildProcess = fork(fileURLToPath(import.meta.url), ['serve'])
  const [port] = (await once(child, 'message')) as [number]
  for (let n = 0; n < 50; n++) await ask(port, PATH)
  const began = performance.now()
  const asked = 200
  for (let n = 0; n < asked; n++) await ask(port, PATH)
  const capacity = asked / ((performance.now() - began) / 1000)
  const half = line('steady', await pace(port, capacity / 2, seconds), capacity / 2)
  const over = line('ten times', await pace(port, capacity * 5, seconds), capacity * 5)
  console.log(JSON.stringify({ ...half, machine: cpus()[0]?.model, capacityPerSecond: Number(capacity.toFixed(1)) }))
  console.log(JSON.stringify(over))
  child.disconnect()
  await once(child, 'exit')
  const checks: readonly (readonly [string, boolean])[] = [
    ['every request was answered, or sent away with 503', half.otherwise === 0 && over.otherwise === 0],
    ['at ten times the pace some were let in and some sent away', over.admitted > 0 && over.shed > 0],
    ['kill and health were always answered', over.firstAnswered === over.firstAsked],
    ['kill and health were answered sooner than those that were let in', over.firstP99Ms <= over.admittedP99Ms],
  ]
  for (const [what, holds] of checks) console.log(`${holds ? 'holds' : 'FAILS'}: ${what}`)
  process.exitCode = checks.every(([, holds]) => holds) ? 0 : 1
}

await (role === 'serve' ? serve() : measure(Number(role)))
