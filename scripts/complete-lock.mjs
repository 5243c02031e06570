// Completes package-lock.json after a dependency change: npm leaves out the optional packages of other platforms when the
// registry at hand does not carry them, and `npm ci` then refuses the lock. Run it by hand, then commit the lock.

import { execFileSync } from 'node:child_process'
import { readFileSync, writeFileSync } from 'node:fs'

const view = spec => {
  try {
    return JSON.parse(execFileSync('npm', ['view', spec, '--json'], { stdio: ['ignore', 'pipe', 'ignore'] }).toString())
  } catch {
    return undefined
  }
}

const lock = JSON.parse(readFileSync('package-lock.json', 'utf8'))
let added = 0
for (const entry of Object.values({ ...lock.packages })) {
  for (const [name, version] of Object.entries(entry.optionalDependencies ?? {})) {
    const key = `node_modules/${name}`
    if (lock.packages[key] !== undefined) continue
    const found = view(`${name}@${version}`)
    const parts = name.replace(/^.*\//, '').split('-')
    const os = parts.find(part => ['android', 'darwin', 'freebsd', 'linux', 'openharmony', 'win32'].includes(part))
    const cpu = parts.find(part =>
      ['arm', 'arm64', 'ia32', 'loong64', 'ppc64', 'riscv64', 's390x', 'x64'].includes(part),
    )
    // In npm's own order, so that its next write changes nothing.
    lock.packages[key] = {
      version: found?.version ?? version,
      ...(found?.dist?.integrity === undefined ? {} : { integrity: found.dist.integrity }),
      cpu: found?.cpu ?? (cpu === undefined ? undefined : [cpu]),
      ...(entry.dev ? { dev: true } : {}),
      optional: true,
      os: found?.os ?? (os === undefined ? undefined : [os]),
    }
    added++
  }
}
lock.packages = Object.fromEntries(Object.entries(lock.packages).sort(([a], [b]) => (a < b ? -1 : 1)))
writeFileSync('package-lock.json', `${JSON.stringify(lock, null, 2)}\n`)
console.log(`${added} optional packages added to package-lock.json`)
