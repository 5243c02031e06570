// The family of blocks: one way to draw each kind.

import { evidence, plainAmount } from './amount.ts'
import { barPlot } from './bar-plot.ts'
import { calibrationPlot } from './calibration-plot.ts'
import { heatMap } from './heat-map.ts'
import { type Html, html } from './html.ts'
import { linePlot } from './line-plot.ts'
import { monthTable } from './month-table.ts'
import type { Block, Figure } from './report.ts'
import { scroller, tableBlock } from './table.ts'
import type { Terms } from './terms.ts'

/** Dates stay on one line. */
const unbroken = (text: string): string => text.replace(/(?<=\d)-(?=\d)/g, '\u2011')

function figure(figure: Figure, terms: Terms): Html {
  const more = evidence(figure)
  return html`<div class="figure"><dt>${terms.label(figure.label)}</dt><dd><span class="value">${plainAmount(figure)}</span>${
    more === '' ? undefined : html` <small>${unbroken(more)}</small>`
  }</dd></div>`
}

export function drawBlock(block: Block, terms: Terms): Html {
  switch (block.kind) {
    case 'text':
      return html`<p>${block.text}</p>`
    case 'list':
      return html`<ul>${block.items.map(item => html`<li>${item}</li>`)}</ul>`
    case 'figures':
      return html`<dl class="figures">${block.figures.map(each => figure(each, terms))}</dl>`
    case 'facts':
      return html`<dl class="facts">${block.facts.map(
        ({ label, text }) => html`<div><dt>${label}</dt><dd>${text}</dd></div>`,
      )}</dl>`
    case 'command':
      return scroller('Command', html`<pre><code>${block.text}</code></pre>`)
    case 'missing':
      return html`<div class="block missing"><h3>${block.title}</h3><p>N/A: ${block.reason}</p></div>`
    case 'table':
      return tableBlock(block, terms)
    case 'lines':
      return linePlot(block)
    case 'bars':
      return barPlot(block)
    case 'calibration':
      return calibrationPlot(block)
    case 'heat':
      return heatMap(block)
    case 'months':
      break
  }
  return monthTable(block)
}
