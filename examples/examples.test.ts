// The examples as their reader runs them, on a release that is trained here from real index bars (S&P 500, 2000 to 2005).

import assert from 'node:assert/strict'
import { spawnSync } from 'node:child_process'
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { after, before, test } from 'node:test'
import { fileURLToPath } from 'node:url'

const project = fileURLToPath(new URL('..', import.meta.url))
const SAMPLE = join(project, 'node_modules/vega-datasets/data/sp500-2000.csv')
const BARS = 1500

const place = mkdtempSync(join(tmpdir(), 'ratchet-examples-'))
const bars = join(place, 'bars.csv')
const release = join(place, 'release')
const state = join(place, 'state')
after(() => rmSync(place, { recursive: true, force: true }))

type Said = { readonly code: number | null; readonly out: string; readonly err: string }

function node(args: readonly string[], given: NodeJS.ProcessEnv = {}): Said {
  const { MANIFEST_HMAC_KEY: _, MANIFEST_HMAC_KEY_FILE: __, ...env } = process.env
  const done = spawnSync(process.execPath, args, { cwd: project, env: { ...env, ...given }, encoding: 'utf8' })
  return { code: done.status, out: done.stdout, err: done.stderr }
}

before(() => {
  const lines = readFileSync(SAMPLE, 'utf8').split('\n')
  writeFileSync(bars, `${lines.slice(0, BARS + 1).join('\n')}\n`)
  const train = ['train', '--bars', bars, '--symbol', 'SPX', '--seed', '7', '--out', release, '--state', state]
  const { code, err } = node(['src/app.ts', ...train])
  assert.equal(code, 0, err)
})

const decide = (symbol: string, env?: NodeJS.ProcessEnv) =>
  node(['examples/decide.ts', release, '--bars', bars, '--symbol', symbol, '--state', state], env)

test('decide.ts verifies a release and answers with every class and a verdict, the same each time', () => {
  const { code, out, err } = decide('SPX')
  assert.equal(code, 0, err)
  assert.match(out, /^release r-[0-9a-f]{16} \(real data\), signed by hmac:development:1$/m)
  const shares = [...out.matchAll(/^ {2}\w+ +(\d\.\d{3})$/gm)].map(match => Number(match[1]))
  assert.equal(shares.length, 5)
  assert.ok(Math.abs(shares.reduce((sum, share) => sum + share, 0) - 1) < 0.003, out)
  assert.match(out, /^(no trade: [A-Z_]+|the models would trade)/m)
  assert.equal(decide('SPX').out, out)
})

test('decide.ts refuses to decide for a symbol that the release is not for', () => {
  const { code, err } = decide('OTHER')
  assert.deepEqual({ code, err }, { code: 1, err: 'refused: OTHER_SYMBOL: the release is for SPX\n' })
})

test('decide.ts refuses a release that another key has signed', () => {
  const { code, out, err } = decide('SPX', { MANIFEST_HMAC_KEY: '5f'.repeat(15) + 'a3'.repeat(17) })
  assert.deepEqual({ code, out }, { code: 1, out: '' })
  assert.match(err, /^refused: SIGNATURE_MISSING: .*\n$/)
})

test('own-bot.ts decides with the first release, sees the second take over, and ends by itself', () => {
  const { code, out, err } = node(['examples/own-bot.ts', bars])
  assert.deepEqual({ code, err }, { code: 0, err: '' })
  const lines = out.trim().split('\n')
  const [first, second] = lines.map(
    line => /^(\d{8}_\d{6}_\d) decides; \d gates left open without bars$/.exec(line)?.[1],
  )
  assert.ok(first !== undefined && second !== undefined, out)
  // 200 bars pass before there is a row; the last hundred come after the swap.
  assert.deepEqual(lines.slice(2), [`${BARS - 199 - 100} decisions: ${first}`, `100 decisions: ${second}`])
})

test('decide.ts refuses a release in which one bit of a model was changed', () => {
  const model = join(release, 'models/meta.onnx')
  const bytes = readFileSync(model)
  bytes[bytes.length >> 1]! ^= 1
  writeFileSync(model, bytes)
  const { code, out, err } = decide('SPX')
  assert.deepEqual({ code, out }, { code: 1, out: '' })
  assert.match(err, /^refused: (MEMBER|FILE)_.*\n$/)
})
