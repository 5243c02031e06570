// Case 97: the database of a bot is damaged. What CURRENT names decides on, nothing is installed, a person is told what to do, and with the
// backup in place all is as before.

import assert from 'node:assert/strict'
import { cpSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { test } from 'node:test'
import type { LogLine } from '../../src/entry/serving.ts'
import { next, release, rowOf, world } from './world.ts'

const first = release({ seed: 1 })
const second = release({ seed: 2, after: first })
const third = release({ seed: 3, after: second })

/** A page in the middle of the file, past the header that is looked at first. */
function flipPage(file: string): void {
  const bytes = readFileSync(file)
  const page = bytes.readUInt16BE(16)
  bytes.fill(0xa5, page * 2, page * 6)
  writeFileSync(file, bytes)
}

const damages: readonly (readonly [what: string, damage: (file: string) => void])[] = [
  ['has flipped pages', flipPage],
  ['is no database', file => writeFileSync(file, 'not a database at all '.repeat(500))],
]
for (const [what, damage] of damages) {
  test(`fault 97: where the main file ${what}, the bot decides on from CURRENT, installs nothing, and says so`, async t => {
    const { stateDir, place, open } = await world(t, 'files')
    const file = join(stateDir, 'ratchet.db')
    await place.publish(first)
    const before = await open()
    await before.sync()
    await place.publish(second)
    await before.sync()
    await before.close()
    const backup = join(stateDir, 'backups', '20260101_120000')
    cpSync(file, join(backup, 'ratchet.db'))
    damage(file)
    const harmed = readFileSync(file)
    await place.publish(third)

    const lines: LogLine[] = []
    const bot = await open({ onLog: line => lines.push(line) })
    const answer = bot.decide('meta', rowOf(17, 1))
    assert.equal(answer.ok && answer.releaseId, second.releaseId)
    const told = next(bot, 'refused')
    const { installed, refused, inCharge } = await bot.sync()
    assert.deepEqual(
      [installed, refused.map(({ code }) => code), inCharge],
      [0, ['DATABASE_CORRUPT'], second.releaseId],
    )
    assert.equal((await told).code, 'DATABASE_CORRUPT')
    assert.match(JSON.stringify(lines), /ratchet backup restore 20260101_120000 --force/)
    // What failed on the way can still be taken back, in memory.
    const back = await bot.rollback('the person says so')
    assert.deepEqual([back.ok && back.value.durable, bot.inCharge()?.releaseId], [false, first.releaseId])
    await bot.close()
    assert.deepEqual(readFileSync(file), harmed)

    for (const end of ['', '-wal', '-shm']) rmSync(`${file}${end}`, { force: true })
    cpSync(join(backup, 'ratchet.db'), file)
    const again = await open()
    // The rollback that was decided meanwhile is finished.
    assert.equal(again.inCharge()?.releaseId, first.releaseId)
    assert.deepEqual((await again.sync()).refused, [])
  })
}
