// The account and the model in charge, in seven figures.

import type { Live, Status } from '../../../src/api/schemas/status.ts'
import { money, percent, signedFixed, signedMoney, signedPercent, signedPoints, whole } from '../base/format.ts'
import { hrefOf } from '../base/route.ts'
import { days, instant, span } from '../base/time.ts'
import { usePreferences } from '../frame/preferences.tsx'
import { Figure } from '../kit/figure.tsx'
import { Hypothetical } from '../kit/hypothetical.tsx'
import { useLive } from '../live/live-provider.tsx'
import { text } from '../texts/text.ts'
import { nextSlot, nextTraining } from './loop-stages.ts'

const toneOf = (value: number): 'gain' | 'loss' | 'plain' => (value > 0 ? 'gain' : value < 0 ? 'loss' : 'plain')

export function AccountTiles() {
  return (
    <section
      aria-label={text('tiles.label')}
      className="grid overflow-hidden rounded-md border border-line bg-line [gap:1px] lg:grid-cols-[3fr_2fr] 2xl:grid-cols-[4fr_3fr]"
    >
      <AccountFigures />
      <ChargeFigures />
    </section>
  )
}

function AccountFigures() {
  const account = useLive(({ picture }) => picture?.status.account ?? null)
  const risk = useLive(({ picture }) => picture?.status.risk ?? null)
  const paused = useLive(({ picture }) => picture?.live?.entriesPaused !== undefined)
  const state = paused && risk?.state === 'ACTIVE' ? text('tiles.risk.paused') : (risk?.state ?? 'N/A')
  const result = account === null ? 0 : account.equity / account.capital - 1
  const hold = account === null ? 0 : account.hold / account.capital - 1
  return (
    <div className="bg-panel p-3">
      <dl className="grid grid-cols-2 gap-x-4 gap-y-3 sm:grid-cols-4">
        <Figure
          label={text('tiles.equity')}
          term="equity"
          value={money(account?.equity)}
          tone={toneOf(result)}
          sub={
            account === null ? (
              text('tiles.equity.none')
            ) : (
              <>
                {signedMoney(account.equity - account.capital)} {signedPercent(result)} <Hypothetical />
              </>
            )
          }
        />
        <Figure
          label={text('tiles.hold')}
          term="buyAndHold"
          value={account === null ? 'N/A' : signedPoints(result - hold)}
          tone={toneOf(result - hold)}
          sub={account === null ? undefined : text('tiles.hold.sub', { hold: signedPercent(hold) })}
        />
        <Figure
          label={text('tiles.drawdown')}
          term="drawdown"
          value={account === null ? 'N/A' : percent(account.drawdown, 2)}
          sub={account === null ? undefined : text('tiles.drawdown.sub', { peak: money(account.peak) })}
        />
        <Figure
          label={text('tiles.position')}
          term="position"
          value={
            account === null
              ? 'N/A'
              : account.position === 0
                ? text('tiles.flat')
                : text('tiles.lots', { lots: signedFixed(account.position, 0) })
          }
          sub={
            account?.openRisk == null
              ? text('tiles.risk.none', { state })
              : text('tiles.risk', { risk: money(account.openRisk), state })
          }
        />
      </dl>
    </div>
  )
}

/** When the channel was signed last and what time it is, both by the clock of the run. */
function signedBy(status: Status | null, live: Live | null) {
  const channel = status?.channel ?? null
  const signedAt = live?.signedAt ?? channel?.signedAt ?? null
  return { signedAt, now: status?.run?.clock ?? (channel === null ? null : channel.signedAt + channel.ageMs) }
}

function ChargeFigures() {
  const { zone } = usePreferences()
  const slot = useLive(({ picture }) => picture?.status.slots[0] ?? null)
  const status = useLive(({ picture }) => picture?.status ?? null)
  const live = useLive(({ picture }) => picture?.live ?? null)
  const { signedAt, now } = signedBy(status, live)
  const age = slot?.fitEnd == null || now === null ? 'N/A' : days(now - slot.fitEnd)
  const label = slot?.label ?? text('baseline')
  const next = status === null ? null : nextTraining(status, live)
  const nextAt = status === null ? null : nextSlot(status, live)
  const bars = slot?.sinceBar == null || status?.run == null ? null : status.run.barsDone - slot.sinceBar
  return (
    <div className="bg-panel p-3">
      <dl className="grid grid-cols-2 gap-x-4 gap-y-3 xl:grid-cols-3">
        <Figure
          label={text('tiles.charge')}
          size="words"
          term="modelInCharge"
          value={
            slot?.digest == null ? (
              label
            ) : (
              <a
                href={hrefOf({ page: 'models', query: { release: slot.digest } })}
                className="underline decoration-strong-line underline-offset-3"
              >
                {label}
              </a>
            )
          }
          sub={
            slot?.releaseId == null
              ? text('tiles.charge.baseline')
              : text('tiles.charge.sub', {
                  since: instant(slot.since, zone),
                  bars: bars === null ? 'N/A' : whole(bars),
                })
          }
        />
        <Figure
          label={text('tiles.freshness')}
          size="words"
          term="freshness"
          value={age === 'N/A' ? age : text('tiles.freshness.value', { age })}
          sub={
            signedAt === null || now === null
              ? text('tiles.freshness.unsigned')
              : text('tiles.freshness.sub', { age: span(Math.max(0, now - signedAt)) })
          }
        />
        <Figure
          term="nextTraining"
          label={text('tiles.next')}
          value={
            live?.training != null
              ? text('tiles.next.now', { number: live.training.number })
              : nextAt !== null
                ? instant(nextAt, zone)
                : next === null
                  ? 'N/A'
                  : text('tiles.next.bars', { bars: whole(next.barsLeft) })
          }
          sub={
            live?.training != null
              ? `${live.training.phase} · ${percent(live.training.fraction, 0)}`
              : nextAt !== null
                ? text('tiles.next.slot')
                : next === null
                  ? text('tiles.next.none')
                  : text(next.eta === null ? 'tiles.next.noEta' : 'tiles.next.eta', { eta: next.eta ?? '' })
          }
        />
      </dl>
    </div>
  )
}
