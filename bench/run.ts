// `npm run bench -- learning`: duels of speed against a peer, each printed as one line; `-- quality`: ours and the peers on real bars.
// `-- cycle`: a whole training cycle on hourly bars. `-- swap`: swaps, rollbacks and starts while decisions arrive. `-- decision`:
// how long one decision takes. Exit 1 where a line
// proves nothing or misses its target.

import { mkdtempSync, rmSync } from 'node:fs'
import { availableParallelism, cpus, tmpdir, totalmem } from 'node:os'
import { join } from 'node:path'
import { parseArgs } from 'node:util'
import { decisionLines } from './decision.bench.ts'
import { fight } from './duel.ts'
import { timeCycle } from './learning/cycle.ts'
import { writeDuelData } from './learning/data.ts'
import { type QualityLine, realQuality } from './learning/real.ts'
import { LEARNING } from './learning/suite.ts'
import { swapLines } from './swap.bench.ts'

const SEED = 42
const { values, positionals } = parseArgs({
  allowPositionals: true,
  options: {
    json: { type: 'boolean', default: false },
    only: { type: 'string' },
    rows: { type: 'string', default: '80000' },
    runs: { type: 'string', default: '5' },
    scale: { type: 'string', default: '1' },
  },
})
const [suite] = positionals
if (positionals.length !== 1 || !['learning', 'quality', 'cycle', 'swap', 'decision'].includes(suite ?? '')) {
  console.error('usage: npm run bench -- learning [--only NAME] [--rows 80000] [--runs 5] [--json]')
  console.error('       npm run bench -- quality [--json]')
  console.error('       npm run bench -- cycle [--runs 5] [--json]')
  console.error('       npm run bench -- swap|decision [--scale 1] [--json]')
  process.exit(2)
}

const data = mkdtempSync(join(tmpdir(), 'ratchet-bench-'))
const [rows, runs] = [Number(values.rows), Number(values.runs)]
const threads = availableParallelism()
const machine = `${cpus().length} x ${cpus()[0]?.model ?? 'unknown processor'}, ${(totalmem() / 2 ** 30).toFixed(0)} GiB`
let bad = 0

async function duels(): Promise<void> {
  const dataHash = writeDuelData(data, rows, SEED)
  for (const duel of LEARNING) {
    if (values.only !== undefined && !duel.name.startsWith(values.only)) continue
    const result = await fight({ ...duel, task: { ...duel.task, rows, seed: SEED, threads, data } }, runs)
    const met = result.ratio !== null && result.ratio >= duel.target
    if (!met || result.invalid !== null) bad++
    if (values.json) console.log(JSON.stringify({ ...result, machine, threads, seed: SEED, dataHash, rows }))
    else {
      const { name, ours, peer, unit, ratio, target, oursQuality, peerQuality, oursPeakMb, peerPeakMb } = result
      const figures = `${ours.toPrecision(3)} against ${peer?.toPrecision(3) ?? 'nobody'} ${unit}`
      const quality = `${duel.quality} ${oursQuality.toFixed(4)} against ${peerQuality?.toFixed(4) ?? 'nobody'}`
      const memory = `peak ${oursPeakMb.toFixed(0)} against ${peerPeakMb?.toFixed(0) ?? '?'} MB`
      const verdict = result.invalid ?? (met ? 'met' : 'NOT MET')
      console.log(
        `${name}: ${figures}: ${ratio?.toFixed(2) ?? '?'} x (${target} wanted: ${verdict}); ${quality}; ${memory}`,
      )
    }
  }
}

function tellQuality(line: QualityLine): void {
  if (!line.ok) bad++
  const { file, metric, peer, ours, theirs, standardError, rows, ok } = line
  if (values.json) console.log(JSON.stringify({ ...line, machine, seed: SEED }))
  else {
    const figures = `${ours.toFixed(5)} against ${theirs.toFixed(5)} of ${peer} (standard error ${standardError.toFixed(5)}, ${rows} rows)`
    console.log(`${file} ${metric}: ${figures}: ${ok ? 'not below' : 'BELOW'}`)
  }
}

async function cycles(): Promise<void> {
  for (const allHistory of [false, true]) {
    const line = await timeCycle(runs, allHistory)
    if (line.seconds > line.limit) bad++
    const { bars, rows: learned, seconds, limit, peakMb } = line
    const words = `${bars} bars, ${learned} rows of ${allHistory ? 'the whole history' : 'the newest 24 months'}`
    if (values.json) console.log(JSON.stringify({ ...line, machine, threads, seed: SEED }))
    else console.log(`full cycle: ${words}: ${seconds.toFixed(1)} s (${limit} allowed), peak ${peakMb.toFixed(0)} MB`)
  }
}

type Line = Readonly<Record<string, string | number | boolean>> & { readonly ok: boolean }

function tellLine(line: Line): void {
  if (!line.ok) bad++
  const { name, ok, ...figures } = line
  if (values.json) console.log(JSON.stringify({ ...line, machine, node: process.versions.node }))
  else console.log(`${name}: ${ok ? 'met' : 'NOT MET'}: ${JSON.stringify(figures)}`)
}

try {
  if (suite === 'learning') await duels()
  else if (suite === 'swap') await swapLines(tellLine, Number(values.scale))
  else if (suite === 'decision') await decisionLines(tellLine, Number(values.scale))
  else if (suite === 'quality') await realQuality(data, tellQuality)
  else await cycles()
} finally {
  rmSync(data, { recursive: true, force: true })
}
process.exitCode = bad === 0 ? 0 : 1
