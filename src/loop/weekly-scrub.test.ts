import assert from 'node:assert/strict'
import { test } from 'node:test'
import { bot } from '../serving/fixtures/bot.ts'
import { memorySource, NOW, tinyRelease } from '../serving/fixtures/release.ts'
import { scrubMark } from '../serving/scrub.ts'
import { weeklyScrub } from './weekly-scrub.ts'

const HOUR = 3_600_000

test('a week apart, and only then, all that is kept is read again; a stop ends it', async () => {
  let now = NOW
  const stop = new AbortController()
  const scrubbed: number[] = []
  const clock = { now: () => now }
  const { installation, lines, sync } = await bot({ clock })
  await sync(memorySource(tinyRelease({ seed: 1 }).files))
  const sleep = async (ms: number) => {
    const { value } = (await scrubMark(installation).read()) as { readonly value?: { readonly at: number } }
    if (value !== undefined && scrubbed.at(-1) !== value.at) scrubbed.push(value.at)
    now += ms
    if (now > NOW + 16 * 24 * HOUR) stop.abort(new Error('stopped'))
    stop.signal.throwIfAborted()
  }
  const care = weeklyScrub({ time: { clock, timer: { sleep } }, installation, signal: stop.signal })
  await assert.rejects(care, { message: 'stopped' })
  assert.deepEqual(scrubbed, [NOW + HOUR, NOW + HOUR + 168 * HOUR, NOW + HOUR + 336 * HOUR])
  assert.match(lines.join(), /info store\.scrub Scrub: \d+ blobs, 0 backups, 1 releases: nothing is damaged/)
})
