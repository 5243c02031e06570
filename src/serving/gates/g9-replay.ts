// G9: on the last real bars, with costs, the candidate must not fall much deeper than the champion, or than the rule-based baseline
// where there is no champion.

import { unwrap } from '../../base/fault.ts'
import type { Gate } from './gate.ts'
import { verdictsOf } from './result.ts'

const { fail, judge, notApplicable } = verdictsOf('G9')

export const replay: Gate = {
  name: 'G9',
  asks: 'no deeper falls on real bars',
  check({ candidate, champion, profile, limits, replay: replayed }) {
    const relaxed = { paper: true, live: 'fail' } as const
    const set = unwrap(candidate)
    if (replayed === undefined) {
      if (profile === 'live') return fail(0, limits.replayBars, 'no bars to replay')
      return notApplicable('this bot holds no bars yet', relaxed)
    }
    const own = replayed(set)
    const thin = own.bars < limits.replayBars
    const few = `${own.bars} bars of ${limits.replayBars}`
    if (thin && profile === 'live') return fail(own.bars, limits.replayBars, few)
    if (own.bars < limits.paperReplayBars) return notApplicable(few, relaxed)
    const reference = replayed(champion).maxDrawdown
    const limit = Math.max(limits.maxDrawdownRatio * reference, limits.drawdownAllowance)
    const than = champion === undefined ? 'the rule-based baseline' : `${champion.releaseId}, the champion`
    const good = Number.isFinite(limit) && own.maxDrawdown <= limit
    const sentence = `falls deeper than ${limits.maxDrawdownRatio} times ${than} (${reference})`
    return judge(good, own.maxDrawdown, limit, sentence, thin ? { ...relaxed, reason: good ? few : sentence } : {})
  },
}
