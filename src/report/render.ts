// A report as one JSON and one page: the page asks the network for nothing and runs no script (REP-01).

import { canonicalJson } from '../base/canonical-json.ts'
import { Fault } from '../base/fault.ts'
import { sha256 } from '../base/hash.ts'
import { drawBlock } from './block.ts'
import { type Html, html, own } from './html.ts'
import type { Report, Stamp } from './report.ts'
import { STYLE } from './style.ts'
import { type Terms, termsOf } from './terms.ts'

/** REP-01. */
export const PAGE_CAP = 3 * 1024 * 1024

/** A shape beside the colour, and the word by which it is read out. */
const TONES = {
  good: { shape: '▲', word: 'good' },
  mixed: { shape: '◆', word: 'mixed' },
  bad: { shape: '▼', word: 'bad' },
} as const

/** The browser obeys it whatever a text contains: this style sheet and nothing else. */
const POLICY = `default-src 'none'; style-src 'sha256-${Buffer.from(sha256(STYLE), 'hex').toString('base64')}'; base-uri 'none'; form-action 'none'`

const factsOf = (stamp: Stamp): Html =>
  html`<dl class="facts">${stamp.map(({ label, text }) => html`<div><dt>${label}</dt><dd>${text}</dd></div>`)}</dl>`

function head({ kind, title, subject, marks }: Report): Html {
  const list =
    marks.length === 0 ? undefined : html`<ul class="marks">${marks.map(mark => html`<li>${mark}</li>`)}</ul>`
  return html`<header><p class="kind">Ratchet ${kind} report</p><h1>${title}</h1><p class="subject">${subject}</p>${list}</header>`
}

function foot({ disclaimer }: Report, terms: Terms, digest: string, stamp: Stamp): Html {
  const list =
    terms.list.length === 0
      ? undefined
      : html`<section><h2>Terms</h2><dl class="facts">${terms.list.map(
          ({ id, label, meaning }) => html`<div><dt id="${id}">${label}</dt><dd>${meaning}</dd></div>`,
        )}</dl></section>`
  const hash = { label: 'SHA-256 of the JSON', text: digest }
  return html`<footer>${list}<section><h2>This copy</h2>${factsOf([hash, ...stamp])}<p class="note">The hash covers every figure above and nothing in this last list but itself. The JSON is the file beside this page.</p></section><p class="disclaimer">${disclaimer}</p></footer>`
}

export type Rendered = {
  readonly html: string
  /** Canonical JSON of the report. */
  readonly json: string
  /** Of the bytes of `json`. */
  readonly sha256: string
}

/**
 * The same report and stamp give the same bytes. Fault `REPORT_TOO_LARGE` beyond 3 MB.
 *
 * @throws TypeError for a number that is not finite: a bug of the caller
 * @example renderReport(report, [{ label: 'Made', text: '2026-01-15 14:30 UTC' }]).html.includes(report.title) // true
 */
export function renderReport(report: Report, stamp: Stamp = []): Rendered {
  const json = canonicalJson(report)
  const digest = sha256(json)
  const terms = termsOf(report)
  const { title, verdict, sections } = report
  const body = sections.map(
    section =>
      html`<section><h2>${section.title}</h2>${section.blocks.map(block => drawBlock(block, terms))}</section>`,
  )
  const page = html`<!doctype html>
<html lang="en"><head><meta charset="utf-8"><meta http-equiv="Content-Security-Policy" content="${POLICY}"><meta name="viewport" content="width=device-width,initial-scale=1"><meta name="referrer" content="no-referrer"><title>${title}</title><style>${own(STYLE)}</style></head>
<body>${head(report)}<main><p class="verdict ${verdict.tone}"><span class="shape" role="img" aria-label="${TONES[verdict.tone].word}">${TONES[verdict.tone].shape}</span>${verdict.text}</p>${body}</main>${foot(report, terms, digest, stamp)}</body></html>
`.toString()
  const size = Buffer.byteLength(page)
  if (size > PAGE_CAP) {
    throw new Fault('REPORT_TOO_LARGE', `the page of the report would have ${size} bytes, ${PAGE_CAP} are allowed`, {
      fix: 'report on fewer bars or trades',
    })
  }
  return { html: page, json, sha256: digest }
}
