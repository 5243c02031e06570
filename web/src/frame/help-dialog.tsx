// Keys, words, and whose work draws the charts.

import { Dialog } from '../kit/dialog.tsx'
import { TERMS } from '../kit/terms.ts'
import { type TextId, text } from '../texts/text.ts'

const KEYS: readonly (readonly [string, TextId])[] = [
  ['g o', 'keys.overview'],
  ['g m', 'keys.market'],
  ['g r', 'keys.models'],
  ['g t', 'keys.training'],
  ['/', 'keys.filter'],
  ['?', 'keys.help'],
  ['Esc', 'keys.escape'],
  ['\u2190 \u2192', 'keys.chart'],
  ['\u2191 \u2193', 'keys.table'],
  ['Enter', 'keys.open'],
  ['Shift+K', 'keys.kill'],
]

export function HelpDialog({ onClose }: { readonly onClose: () => void }) {
  return (
    <Dialog title={text('help.title')} onClose={onClose} wide>
      <div className="grid gap-6 md:grid-cols-[14rem_1fr]">
        <section aria-labelledby="help-keys">
          <h3 id="help-keys" className="mb-2 font-semibold text-sm">
            {text('help.keys')}
          </h3>
          <dl className="grid grid-cols-[auto_1fr] items-baseline gap-x-3 gap-y-1.5 text-xs">
            {KEYS.map(([key, id]) => (
              <div key={key} className="contents">
                <dt>
                  <kbd className="rounded-sm border border-strong-line bg-sunk px-1.5 py-0.5 font-mono text-2xs">
                    {key}
                  </kbd>
                </dt>
                <dd className="text-soft">{text(id)}</dd>
              </div>
            ))}
          </dl>
        </section>
        <section aria-labelledby="help-words">
          <h3 id="help-words" className="mb-2 font-semibold text-sm">
            {text('help.words')}
          </h3>
          <dl className="grid gap-x-3 gap-y-2 text-xs sm:grid-cols-[9rem_1fr]">
            {TERMS.map(name => (
              <div key={name} className="contents">
                <dt className="font-medium">{text(`word.${name}`)}</dt>
                <dd className="text-soft">{text(`term.${name}`)}</dd>
              </div>
            ))}
          </dl>
        </section>
      </div>
      <p className="mt-6 border-line border-t pt-3 text-mute text-xs">
        {text('help.credits')}{' '}
        <a className="underline" href="https://www.tradingview.com/" rel="noreferrer">
          TradingView Lightweight Charts™
        </a>{' '}
        {text('help.credits.rest')}
      </p>
    </Dialog>
  )
}
