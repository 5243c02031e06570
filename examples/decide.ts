// A program of your own: verifies a release, loads its models and asks them for one decision. Nothing is installed and nothing is traded.
//
//   ratchet train --bars bars.csv --symbol SPX --out release
//   node examples/decide.ts release [--bars bars.csv] [--symbol SPX] [--state .ratchet]
//
// The key to check the signature with is MANIFEST_HMAC_KEY, MANIFEST_HMAC_KEY_FILE, or the one that the state directory keeps.

import { randomBytes } from 'node:crypto'
import { parseArgs } from 'node:util'
import { nodeDisk } from '../src/adapters/files/disk.ts'
import { openTable } from '../src/adapters/files/table.ts'
import { systemClock } from '../src/adapters/system/clock.ts'
import { Fault, unwrap } from '../src/base/fault.ts'
import { readSeries } from '../src/loop/import-series.ts'
import { replayLimits } from '../src/loop/limits-of.ts'
import { fixedModels } from '../src/loop/set-lease.ts'
import { settingsSchema } from '../src/loop/settings.ts'
import { verifyingRing } from '../src/loop/signing-key.ts'
import { verifyDirectory } from '../src/loop/verify-directory.ts'
import { calendarOf } from '../src/market/calendars/index.ts'
import { featureSchemaHash } from '../src/market/feature-schema.ts'
import { claimedSigners } from '../src/release/envelope.ts'
import { loadModelSet } from '../src/serving/model-set.ts'
import type { BarEvent } from '../src/trading/bar-event.ts'
import { brain } from '../src/trading/brain.ts'
import { candidateBook } from '../src/trading/candidates.ts'
import { GENERAL_STRATEGIES } from '../src/trading/strategies/index.ts'

async function decide(): Promise<void> {
  const { values, positionals } = parseArgs({
    allowPositionals: true,
    options: {
      bars: { type: 'string', default: 'node_modules/vega-datasets/data/sp500-2000.csv' },
      symbol: { type: 'string', default: 'SPX' },
      state: { type: 'string', default: '.ratchet' },
    },
  })
  const [directory] = positionals
  if (directory === undefined) {
    throw new Fault('USAGE', 'node examples/decide.ts RELEASE [--bars FILE] [--symbol S] [--state DIR]')
  }

  // 1. Nothing in the folder is believed before its signature, hashes and dates are checked.
  const disk = nodeDisk()
  const clock = systemClock
  const settings = settingsSchema.parse({})
  const { trusted: keys } = await verifyingRing(values.state, {
    disk,
    clock,
    environment: process.env,
    entropy: randomBytes,
  })
  const { channel } = settings.release
  const { verification } = await verifyDirectory({ directory, keys, channel, clock }, disk)
  const release = unwrap(verification)
  if (!release.manifest.audience.symbols.includes(values.symbol)) {
    throw new Fault('OTHER_SYMBOL', `the release is for ${release.manifest.audience.symbols.join(', ')}`)
  }
  const set = unwrap(loadModelSet(release))
  console.log(
    `release ${set.releaseId} (${set.provenance} data), signed by ${claimedSigners(release.envelopeBytes).join(', ')}`,
  )

  // 2. The same code makes features for training and for you; the release says which columns it was trained on.
  const request = { file: values.bars, symbol: values.symbol }
  const { instrument, barMs, hasVolume, bars } = await readSeries(request, { openTable, settings, clock })
  const calendar = calendarOf(instrument.calendar)
  const limits = replayLimits(settings, instrument.symbol)
  const book = candidateBook({ instrument, calendar, barMs, hasVolume, strategies: GENERAL_STRATEGIES, labels: limits })
  if (featureSchemaHash(book.schema) !== featureSchemaHash(set.features)) {
    throw new Fault('FEATURES_DIFFER', 'these bars do not give the columns that the release was trained on')
  }
  const fired = ({ firstRow, rowCount }: BarEvent): boolean =>
    book.table.fired.subarray(firstRow, firstRow + rowCount).includes(1)
  const asked = bars.map(bar => book.update(bar)).findLast(fired)
  if (asked === undefined) throw new Fault('NO_CANDIDATE', 'no strategy fires anywhere in these bars')

  // 3. One lease, one decision: synchronous, and all three answers come from one release.
  const lease = fixedModels(set, book.table.strategies).lease()
  const verdict = brain(limits).judge(lease, asked, book.table, { sessionR: 0, drawdown: 0 })
  lease.release()
  console.log(`at ${new Date(asked.bar.knownAt).toISOString()}, the last bar with a strategy that fires:`)
  for (const [at, name] of lease.classes.entries())
    console.log(`  ${name.padEnd(14)} ${verdict.probabilities[at]?.toFixed(3)}`)
  console.log(
    `chosen ${verdict.chosen}, expected R ${verdict.expectedR?.toFixed(3) ?? 'not known'}, size x ${verdict.multiplier.toFixed(2)}`,
  )
  console.log(
    verdict.reasons.length === 0
      ? 'the models would trade'
      : `no trade: ${verdict.reasons.map(({ code, value, limit }) => `${code} (${value?.toFixed(3)} against ${limit?.toFixed(3)})`).join(', ')}`,
  )
}

await decide().catch((fault: unknown) => {
  if (!(fault instanceof Fault)) throw fault
  console.error(`refused: ${fault.code}: ${fault.message}`)
  process.exitCode = 1
})
