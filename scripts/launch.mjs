// The launcher: makes this checkout ready where it is not, then runs what was asked for under the pinned Node.
// Plain JavaScript without dependencies, for any Node >= 18.

import { join } from 'node:path'
import { endAs, runChild } from './child.mjs'
import { environment, isReady, Problem, pinnedNode, root, setUp } from './set-up.mjs'

const hand = async (script, args, options = {}) => {
  await setUp()
  const ended = await runChild(pinnedNode(), [join(root, ...script), ...args], {
    ...options,
    env: environment(),
    stdio: 'inherit',
  })
  if (ended.error !== undefined) {
    const fix = 'delete scripts/runtime/node_modules, then run the same command again'
    throw new Problem(`the pinned Node cannot be started: ${ended.error.message}`, fix)
  }
  endAs(ended)
}

const commands = {
  ready: () => {
    if (!isReady()) process.exit(1)
    console.log(pinnedNode())
  },
  setup: () => setUp(),
  run: args => hand(['src', 'app.ts'], args),
  test: args => hand(['scripts', 'check.mjs'], args, { group: true }),
  bench: args => hand(['bench', 'run.ts'], args, { group: true }),
}

const [name = '', ...rest] = process.argv.slice(2)
try {
  if (!Object.hasOwn(commands, name)) {
    throw new Problem(`the launcher has no command "${name}"`, `use one of ${Object.keys(commands).join(', ')}`)
  }
  await commands[name](rest)
} catch (error) {
  if (!(error instanceof Problem)) throw error
  console.error(`ratchet: ${error.message}\n  To do: ${error.fix}`)
  process.exit(1)
}
