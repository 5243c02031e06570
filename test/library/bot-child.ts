// A program of somebody else as a process of its own: opens a runtime, asks once, closes twice, and has nothing more to do.
// Arguments: the options as JSON, and `hang` where it closes in the middle of a pass.

import { readdirSync } from 'node:fs'
import { openRuntime, type RuntimeOptions } from '../../src/entry/serving.ts'

const [options = '', how] = process.argv.slice(2)
const handlers = () => JSON.stringify(process.eventNames().map(name => [String(name), process.listenerCount(name)]))
const files = () => readdirSync('/proc/self/fd').length

const before = { handlers: handlers(), files: files() }
const runtime = await openRuntime(JSON.parse(options) as RuntimeOptions)
const pass = runtime.sync().then(
  ({ inCharge }) => inCharge,
  (fault: { code: string }) => fault.code,
)
if (how === 'hang') await new Promise(resolve => setTimeout(resolve, 200))
else await pass
const answer = runtime.decide('meta', new Float32Array(17))
const during = handlers()
await Promise.all([runtime.close(), runtime.close()])
await runtime.close()
console.log(
  JSON.stringify({
    pass: await pass,
    answer: answer.ok ? answer.releaseId : answer.fault.code,
    handlers: during === before.handlers && handlers() === before.handlers,
    files: files() - before.files,
  }),
)
