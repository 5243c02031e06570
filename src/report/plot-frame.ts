// The frame of a plot: gridlines, numbers beside and below. Only the middle stretches, so that text keeps its size on a phone.

import { type Html, html } from './html.ts'

/** A place on an axis, as a share of it from its low end. */
export type Tick = { readonly share: number; readonly text: string; readonly strong?: boolean | undefined }

export type Frame = {
  /** The plot in words. */
  readonly name: string
  /** Pixels. */
  readonly height: number
  readonly content: Html
  readonly yTicks: readonly Tick[]
  readonly xTicks: readonly Tick[]
  readonly xTitle?: string | undefined
  readonly square?: boolean | undefined
}

const CHARACTER = 7
/** Half the height of a number: the outermost stand half beyond the axis. */
const OVER = 8

const percent = (share: number): string => `${Math.round(share * 1e4) / 100}%`

/** Numbers at the ends would stand half outside. */
const anchor = (share: number): string => (share < 0.06 ? 'start' : share > 0.94 ? 'end' : 'middle')

export function plotFrame({ name, height, content, yTicks, xTicks, xTitle, square = false }: Frame): Html {
  const beside = Math.max(0, ...yTicks.map(({ text }) => text.length)) * CHARACTER + 10
  const y = ({ share }: Tick): number => Math.round((OVER + (1 - share) * height) * 10) / 10
  const numbers = yTicks.map(
    tick => html`<text x="${beside - 8}" y="${y(tick) + 4}" text-anchor="end">${tick.text}</text>`,
  )
  const grid = yTicks.map(({ share, strong = false }) => {
    const at = percent(1 - share)
    return html`<line class="${strong ? 'zero' : 'grid'}" x1="0" x2="100%" y1="${at}" y2="${at}"/>`
  })
  const below = xTicks.map(
    ({ share, text }, at) =>
      html`<text class="${at % 2 === 1 ? 'odd' : 'even'}" x="${percent(share)}" y="16" text-anchor="${anchor(share)}">${text}</text>`,
  )
  const marks = xTicks.map(
    ({ share }) => html`<line class="grid" x1="${percent(share)}" x2="${percent(share)}" y1="0" y2="100%"/>`,
  )
  const title = xTitle === undefined ? undefined : html`<text x="50%" y="36" text-anchor="middle">${xTitle}</text>`
  return html`<div class="plot${square ? ' square' : ''}" role="img" aria-label="${name}"><svg class="axis" width="${beside}" height="${height + 2 * OVER}" aria-hidden="true">${numbers}</svg><svg class="area" width="100%" height="${height}" aria-hidden="true">${marks}${grid}${content}</svg><svg class="axis below" width="100%" height="${xTitle === undefined ? 22 : 42}" aria-hidden="true">${below}${title}</svg></div>`
}
