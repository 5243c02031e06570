import assert from 'node:assert/strict'
import { test } from 'node:test'
import { memoryDisk } from '../../../test/memory-disk.ts'
import { replaceFile } from '../../base/disk.ts'
import { sha256 } from '../../base/hash.ts'
import { everyBlock } from '../../report/fixtures/every-block.ts'
import { settingsSchema } from '../settings.ts'
import { listReports, saveReport } from './save.ts'

const settings = settingsSchema.parse({ report: { keep: 3 } })

function world() {
  const disk = memoryDisk()
  let now = Date.UTC(2026, 10, 22, 21, 3, 5)
  return { disk, ports: { disk, settings, clock: { now: () => (now += 1000) } } }
}

const text = async (disk: ReturnType<typeof memoryDisk>, path: string) =>
  new TextDecoder().decode(await disk.read(path, 1e7))

test('page and JSON lie side by side, and the JSON is what the page prints the hash of', async () => {
  const { disk, ports } = world()
  const saved = await saveReport({ report: everyBlock(), stateDirectory: 'state' }, ports)
  assert.match(saved.html, /^state\/reports\/backtest-20261122_210306_[0-9a-f]{8}\.html$/)
  assert.equal(saved.json, saved.html.replace('.html', '.json'))
  assert.equal(sha256(await text(disk, saved.json)), saved.sha256)
  assert.ok((await text(disk, saved.html)).includes(saved.sha256))
})

test('the newest are kept, whatever their kind, and what is not ours is left alone', async () => {
  const { disk, ports } = world()
  await replaceFile(disk, 'state/reports/notes.html', new Uint8Array(1))
  for (const kind of ['backtest', 'training', 'backtest', 'release', 'training']) {
    await saveReport({ report: { ...everyBlock(), kind }, stateDirectory: 'state' }, ports)
  }
  const left = await listReports('state/reports', disk)
  assert.deepEqual(
    left.map(({ kind }) => kind),
    ['backtest', 'release', 'training'],
  )
  const names = (await disk.list('state/reports')).map(({ name }) => name)
  assert.equal(names.length, 7)
  assert.ok(names.includes('notes.html'))
})

test("a file of one's own is written there, with its JSON, and nothing else is touched", async () => {
  const { disk, ports } = world()
  const saved = await saveReport({ report: everyBlock(), file: 'out/x.HTML', stateDirectory: 'state' }, ports)
  assert.deepEqual([saved.html, saved.json], ['out/x.HTML', 'out/x.json'])
  const again = await saveReport({ report: everyBlock(), file: 'page', stateDirectory: 'state' }, ports)
  assert.deepEqual([again.html, again.json, again.sha256], ['page', 'page.json', saved.sha256])
  assert.deepEqual(await listReports('state/reports', disk), [])
})

test('the folder of reports may lie elsewhere', async () => {
  const { ports } = world()
  const elsewhere = { ...ports, settings: settingsSchema.parse({ report: { dir: 'shelf' } }) }
  const { html } = await saveReport({ report: everyBlock(), stateDirectory: 'state' }, elsewhere)
  assert.match(html, /^shelf\//)
})
