// One claim of the fuzz tests: so many inputs, no crash, no hang, no hunger for memory, and nothing taken for what it is not.

import assert from 'node:assert/strict'
import { test } from 'node:test'
import { fuzz } from './watch.ts'

const module = new URL('./targets.ts', import.meta.url)
const LONG = process.env['RATCHET_LONG'] === '1'
const ALL = 1_000_000

/** @param count inputs of the quick set; the long one has a million, of another seed */
export function claim(name: string, count: number): void {
  const [seed, inputs] = LONG ? [2, ALL] : [1, count]
  test(`${name}: ${inputs} inputs are answered, and none is taken for what it is not`, async t => {
    const report = await fuzz({ module, name, seed, count: inputs })
    if (report.kind !== 'done') {
      const words = `node test/fuzz/child.ts test/fuzz/targets.ts ${name} ${report.seed} ${report.index} 1`
      assert.fail(
        `${report.kind} at seed ${report.seed}, input ${report.index}: ${report.detail}\nsee it again: ${words}`,
      )
    }
    const { accepted, maxRss, cpuSeconds } = report
    const figures = `${accepted} accepted, RSS ${Math.round(maxRss / 2 ** 20)} MiB, ${cpuSeconds.toFixed(0)} s of CPU`
    t.diagnostic(`${name}: ${inputs} inputs of seed ${seed}, ${figures}`)
    // Inputs that are all refused at the first byte would prove nothing.
    assert.ok(accepted > inputs / 20, `only ${accepted} of ${inputs} were accepted`)
    assert.ok(accepted < inputs / 2, `${accepted} of ${inputs} were accepted`)
    assert.ok(maxRss <= 512 * 2 ** 20, `${maxRss} bytes of memory`)
  })
}
