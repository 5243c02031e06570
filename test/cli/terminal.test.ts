// The command line on a real terminal of 60, 80 and 200 columns, and behind a pipe (CLI-01, CLI-05).

import assert from 'node:assert/strict'
import { execFile, spawnSync } from 'node:child_process'
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { after, test } from 'node:test'
import { fileURLToPath } from 'node:url'
import { promisify } from 'node:util'
import { SAMPLE } from './host.ts'

const APP = fileURLToPath(new URL('../../src/app.ts', import.meta.url))
const run = promisify(execFile)

/** `script` of util-linux gives a program a terminal of its own. */
const skip =
  process.platform === 'linux' && spawnSync('script', ['--version']).status === 0
    ? false
    : 'script of util-linux is not here: no terminal to try'

const folder = mkdtempSync(join(tmpdir(), 'ratchet-terminal-'))
after(() => rmSync(folder, { recursive: true, force: true }))
const bars = join(folder, 'bars.csv')
writeFileSync(bars, readFileSync(SAMPLE, 'utf8').split('\n').slice(0, 201).join('\n'))

const UP = ['up', '--bars', bars, '--symbol', 'SPX', '--headless', '--until-end', '--seed', '7', '--restart'] as const

const env = (more: Readonly<Record<string, string>>) => ({ PATH: process.env['PATH'] ?? '', TERM: 'xterm', ...more })

/** What the terminal was sent. */
async function onTerminal(
  columns: number,
  words: readonly string[],
  more: Readonly<Record<string, string>> = {},
): Promise<string> {
  const line = [process.execPath, APP, ...words].map(word => `'${word}'`).join(' ')
  const command = `stty cols ${columns} rows 30; ${line}`
  const { stdout } = await run('script', ['-qec', command, '/dev/null'], { cwd: folder, env: env(more) })
  return stdout
}

const ESCAPE = '\u001B'
/** Lines as they stand on the screen, with each state of one that is rewritten. */
const drawn = (sent: string): string[] =>
  sent
    .replaceAll(`${ESCAPE}[K`, '')
    .split(/[\r\n]+/)
    .filter(line => line !== '')

for (const columns of [60, 80, 200]) {
  test(`at ${columns} columns progress stays on its line, and help is not cut`, { skip }, async () => {
    const sent = await onTerminal(columns, UP)
    assert.ok(sent.includes(`\r${ESCAPE}[K`), 'progress is rewritten')
    const progress = drawn(sent).filter(line => /^PAPER .* bar \d+\/\d+/.test(line))
    assert.ok(progress.length > 10)
    for (const line of progress) assert.ok(line.length < columns, line)
    assert.match(sent, /event hash +[0-9a-f]{64}/)

    const help = drawn(await onTerminal(columns, ['models', 'rollback', '--help']))
    assert.ok(!help.join('').includes(ESCAPE))
    // A command is never broken: it is there to be copied.
    for (const line of help.filter(one => !one.startsWith('  $ '))) assert.ok(line.length <= columns, line)
    assert.ok(help.join(' ').replaceAll(/\s+/g, ' ').includes('why; it goes into the history'))
  })
}

test('NO_COLOR and --no-color give plain lines on a terminal too', { skip }, async () => {
  for (const [words, more] of [
    [UP, { NO_COLOR: '1' }],
    [[...UP, '--no-color'], {}],
  ] as const) {
    const sent = await onTerminal(80, words, more)
    assert.ok(!sent.includes(ESCAPE), sent.slice(0, 200))
    assert.ok(drawn(sent).filter(line => line.startsWith('PAPER')).length <= 12)
  }
})

test('behind a pipe there is no escape sequence, results go to stdout and everything else to stderr', async () => {
  const piped = async (words: readonly string[]) =>
    run(process.execPath, [APP, ...words, '--state', join(folder, 'piped')], { cwd: folder, env: env({}) })
  for (const words of [UP, ['models', 'list'], ['--help']]) {
    const { stdout, stderr } = await piped(words)
    assert.ok(!`${stdout}${stderr}`.includes(ESCAPE), words.join(' '))
    assert.ok(!stdout.includes('PAPER 20'), words.join(' '))
  }
  const { stdout, stderr } = await piped([...UP, '--json', '--quiet'])
  assert.equal(typeof (JSON.parse(stdout) as { readonly eventHash: unknown }).eventHash, 'string')
  assert.ok(!stderr.includes('PAPER 20'))
})
