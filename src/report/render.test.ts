import assert from 'node:assert/strict'
import { test } from 'node:test'
import { canonicalJson } from '../base/canonical-json.ts'
import { sha256 } from '../base/hash.ts'
import { everyBlock } from './fixtures/every-block.ts'
import { renderReport } from './render.ts'
import type { Report } from './report.ts'

const page = renderReport(everyBlock(), [{ label: 'Made', text: 'today' }])
const tagsOf = (html: string): string[] => html.match(/<[^>]*>/g)!.map(tag => /^<[!/]?[a-z]+/.exec(tag)?.[0] ?? tag)

test('the same report and stamp give the same bytes', () => {
  assert.deepEqual(renderReport(everyBlock(), [{ label: 'Made', text: 'today' }]), page)
})

test('the page prints the hash of the JSON, which is that of its bytes and ignores the stamp', () => {
  assert.equal(page.json, canonicalJson(everyBlock()))
  assert.equal(page.sha256, sha256(page.json))
  assert.ok(page.html.includes(page.sha256))
  assert.equal(renderReport(everyBlock(), [{ label: 'Made', text: 'tomorrow' }]).sha256, page.sha256)
})

test('verdict, then sections in their order, then terms, hash and disclaimer', () => {
  const order = [
    '<h1>Every block',
    'Beats nothing.',
    '<h2>Figures',
    '<h2>Plots',
    '<h2>Terms',
    '<h2>This copy',
    'Hypothetical.',
  ]
  const places = order.map(text => page.html.indexOf(text))
  assert.ok(
    places.every((place, at) => place > (places[at - 1] ?? 0)),
    places.join(' '),
  )
})

test('headings go down one level at a time', () => {
  const levels = [...page.html.matchAll(/<h(\d)/g)].map(([, level]) => Number(level))
  assert.equal(levels[0], 1)
  assert.equal(levels.filter(level => level === 1).length, 1)
  assert.ok(levels.every((level, at) => at === 0 || level <= levels[at - 1]! + 1))
})

test('nothing is fetched and nothing runs', () => {
  assert.doesNotMatch(page.html, /<script|<link|<img|<iframe|<object|@import|url\(|https?:|\son[a-z]+=|style="/i)
  assert.match(page.html, /Content-Security-Policy" content="default-src &#39;none&#39;; style-src &#39;sha256-/)
})

test('hostile text changes not one tag of the page', () => {
  const hostile = `</style></title><script>alert(1)</script><img src=x onerror="alert(1)">'"\`&amp;\u2028\u2029\u202e\u0000\u001b[31m\ud800`
  const attacked = renderReport(everyBlock(hostile), [{ label: hostile, text: hostile }])
  const harmless = renderReport(everyBlock('plain text that is as long as the other, or nearly so'), [
    { label: 'a', text: 'b' },
  ])
  assert.deepEqual(tagsOf(attacked.html), tagsOf(harmless.html))
  assert.doesNotMatch(attacked.html, /<script|<img|[\u2028\u2029\u202e]|(?!\n)\p{Cc}/u)
  assert.ok(attacked.html.isWellFormed())
  assert.deepEqual(JSON.parse(attacked.json), JSON.parse(JSON.stringify(everyBlock(hostile))))
})

test('thin figures say N/A with the count, and definitions are listed once', () => {
  assert.match(page.html, /Calmar<\/dt><dd><span class="value">N\/A<\/span> <small>12 sessions, 60 are needed/)
  assert.equal(page.html.match(/<dt id="term-1">Sharpe<\/dt>/g)?.length, 1)
  assert.match(page.html, /<a class="term" href="#term-1" title="Mean over deviation.">Sharpe<\/a>/)
})

test('every plot has words and a table in its place', () => {
  assert.match(
    page.html,
    /aria-label="Equity\. own: from \$1,000 on 2020-01-01 to \$1,890 on 2020-03-30, lowest \$1,000/,
  )
  for (const title of ['Equity', 'Calibration'])
    assert.ok(page.html.includes(`<summary>${title}, as a table</summary>`))
})

test('capped tables say how many rows there are', () => {
  assert.match(page.html, /3 of 12 rows/)
})

test('a report of more than 3 MB is refused, and a number that is none is a bug', () => {
  const [first] = everyBlock().sections
  const block = { kind: 'list', items: Array<string>(2000).fill('x'.repeat(3000)) } as const
  const large: Report = { ...everyBlock(), sections: [{ ...first!, blocks: [block] }] }
  assert.throws(() => renderReport(large), { code: 'REPORT_TOO_LARGE' })
  const broken = { kind: 'figures', figures: [{ label: 'x', value: Number.NaN }] } as const
  assert.throws(() => renderReport({ ...large, sections: [{ title: 'x', blocks: [broken] }] }), TypeError)
})
