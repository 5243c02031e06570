// The process that gets killed: starts on a state directory and does one act. Marks of its steps are looked up as files that do not
// exist, so that a tracer sees them. Usage: node test/faults/acting-child.ts STATE ACT RELEASE, a release directory to install or
// publish; FAULT=n dies before the n-th change of the disk after the start (0 first), PLANT=bug does it wrong, CRASH=1 aborts as soon as the
// models are loaded.

import { accessSync, readdirSync, readFileSync, writeSync } from 'node:fs'
import { join, relative } from 'node:path'
import { nodeDisk } from '../../src/adapters/files/disk.ts'
import { withFileLock } from '../../src/adapters/files/lock.ts'
import { systemHost } from '../../src/adapters/system/host.ts'
import { unwrap } from '../../src/base/fault.ts'
import { openStateRegistry } from '../../src/entry/state-registry.ts'
import { contentStore } from '../../src/release/store.ts'
import { bootSlot } from '../../src/serving/boot.ts'
import { installationOn } from '../../src/serving/fixtures/bot.ts'
import type { Installation } from '../../src/serving/installation.ts'
import { writerLock } from '../../src/serving/lock.ts'
import { statePaths } from '../../src/serving/paths.ts'
import { recordingDisk } from '../recording-disk.ts'
import { type Act, collect, install, publish, takeBack } from './acts.ts'
import { type Bug, plantedDisk, plantedStore } from './planted.ts'

const [state, act, release] = process.argv.slice(2) as [string, Act, string]
const { CRASH, FAULT, PLANT } = process.env
const bug = PLANT as Bug | undefined

let armed = false
let changes = 0
/** Each step with how many changes of the disk came before it. */
const marks: string[] = []

const mark = (step: string): void => {
  marks.push(`${step}@${changes}`)
  try {
    accessSync(`/step/${step}`)
  } catch {
    // It is never there.
  }
}

const disk = plantedDisk(
  recordingDisk(nodeDisk(), {
    before() {
      if (armed && changes++ === Number(FAULT ?? -1)) process.kill(process.pid, 'SIGKILL')
    },
  }),
  bug,
)

const files = new Map(
  readdirSync(release, { recursive: true, withFileTypes: true })
    .filter(entry => entry.isFile())
    .map(({ parentPath, name }) => join(parentPath, name))
    .map(path => [relative(release, path), readFileSync(path)] as const),
)
const paths = statePaths(state)
/** The manifest of the set before the one in charge. */
const wayBack = async () => new Set([installation.slot.previous()?.digest ?? ''])
const records = await openStateRegistry(state)
const installation: Installation = {
  ...installationOn({
    disk,
    paths,
    store: plantedStore(contentStore(disk, paths.store), bug, wayBack),
    lock: writerLock(disk, paths.lock, systemHost()),
    backupsKept: 2,
    onStep: mark,
  }),
  registry: records.registry,
  ...records.instead,
}

if (act === 'publish') {
  console.log('ready')
  mark('begin')
  armed = true
  unwrap(await publish({ disk, root: join(state, 'tree') }, files, withFileLock))
} else {
  const booted = unwrap(await bootSlot(installation))
  if (CRASH === '1') {
    writeSync(1, `loaded ${installation.slot.current()?.digest}\n`)
    process.abort()
  }
  // One that is refused later has started well: of many at once nobody shall count as a failed start.
  await booted.healthy()
  console.log(`ready ${booted.state} ${booted.inCharge?.digest} ${booted.readOnly ? 'read-only' : ''}`)
  mark('begin')
  armed = true
  if (act === 'install') await install(installation, files)
  else if (act === 'rollback') await takeBack(installation)
  else await collect(installation)
}
mark('end')
console.log(`done ${changes} ${marks.join(' ')}`)
