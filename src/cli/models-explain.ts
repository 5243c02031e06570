// `ratchet models explain TRADE|DECISION`: why it was made or not made, by which models, and whether they still say so (SRV-76).

import { type ExplainedDecision, explainer } from '../loop/explain-decision.ts'
import type { Session, Verb } from './command.ts'
import { EXIT } from './exit.ts'
import { example, short, table, utcDay, utcMoment } from './lines.ts'

type ExplainOptions = { readonly run?: string }

const figure = (value: number | null): string => (value === null ? 'n/a' : String(Number(value.toPrecision(6))))

function releaseLines({ explanation: { decision, lineage }, origin, setSeq, slot }: ExplainedDecision): string[] {
  if (lineage === null || origin === null) return [`release     ${decision.releaseId}, slot ${slot}, set ${setSeq}`]
  const { signature, gates, job } = origin
  const signed = signature.valid ? 'holds' : `DOES NOT HOLD (${signature.fault ?? 'unknown'})`
  const passed = gates?.results.map(({ gate, result, paper }) => `${gate} ${result}${paper === true ? ' (paper)' : ''}`)
  return [
    `release     ${lineage.label} (${lineage.releaseId}), version ${origin.version} of channel ${origin.channel}, slot ${slot}, set ${setSeq}`,
    `digest      ${lineage.digest}`,
    `signature   ${signature.keyIds.join(', ')}: ${signed}`,
    `fitted on   ${utcDay(lineage.fit[0])} to ${utcDay(lineage.fit[1])}, judged on ${utcDay(lineage.holdout[0])} to ${utcDay(lineage.holdout[1])}`,
    `data        ${lineage.dataHash === '' ? 'unknown' : lineage.dataHash}, ${lineage.rows} rows; code ${lineage.codeVersion}; job ${job ?? 'unknown'}`,
    `gates       ${passed === undefined ? 'none was asked' : `${gates!.verdict}: ${passed.join(', ')}`}`,
  ]
}

function proofLines({ proof }: ExplainedDecision): string[] {
  const models = proof.models.map(({ role, sha256, baseline }) => [
    `  ${role}`,
    short(sha256),
    baseline ? 'stand-in' : 'trained',
    proof.roles
      .find(each => each.role === role)
      ?.recorded.map(figure)
      .join(' ') ?? 'not asked',
  ])
  const said =
    proof.reproduced === null
      ? `not checked: ${proof.reason}`
      : proof.reproduced
        ? 'asked again with the recorded features, the models give the same bits'
        : 'NOT REPRODUCED: asked again, the models give other numbers'
  return [...(models.length === 0 ? [] : ['models', ...table(models)]), `proof       ${said}`]
}

export function explainLines(told: ExplainedDecision): string[] {
  const { explanation, order, fills, runId } = told
  const { decision, summary, features, trade, checks, sizing } = explanation
  const failed = checks.filter(({ passed }) => !passed)
  return [
    summary,
    `decision    ${decision.decisionId}, number ${decision.seq} of ${runId}, at ${utcMoment(decision.at)}`,
    ...releaseLines(told),
    ...proofLines(told),
    `features    ${features.hash === null ? 'no candidate' : short(features.hash)}`,
    ...table(features.columns.map(({ name, value }) => [`  ${name}`, figure(value)])),
    `said        expected R ${figure(explanation.expectedR)}, score ${figure(explanation.score)}, confidence ${figure(decision.confidence)}`,
    ...(sizing === null
      ? []
      : [`size        ${sizing.map(({ step, value }) => `${step} ${figure(value)}`).join(', ')}`]),
    `risk        ${checks.length - failed.length} of ${checks.length} rules passed${failed.map(({ rule, code }) => `; ${rule} ${code}`).join('')}`,
    ...explanation.reasons.map(({ code, text }) => `reason      ${code}: ${text}`),
    ...(order === null ? [] : [`order       ${order.id}: ${order.role} ${order.side * order.quantity}`]),
    ...fills.map(({ role, side, quantity, at }) => `fill        ${role} ${side * quantity} at ${utcMoment(at)}`),
    trade === null
      ? 'outcome     no closed trade came of it'
      : `outcome     ${figure(trade.net)} USD, ${figure(trade.r)} R, by ${trade.exitReason} at ${utcMoment(trade.exitTime)}`,
  ]
}

/** Reads what there is; nothing is running for it. */
const viewPorts = async ({ ports, reading }: Session) => {
  const opened = await reading()
  return { ...ports, ...opened, version: ports.facts.codeVersion, control: { live: () => undefined } }
}

export const modelsExplain: Verb = (group, act) => {
  group
    .command('explain')
    .description('why there was a trade or none, and by which models')
    .argument('<decision>', "a decision's id or number, an order's id, or a time in UTC")
    .option('--run <run>', 'whose decision, where it is named by number or time (default: the newest run)')
    .addHelpText('after', example('models explain 2019-06-03'))
    .action(
      act(async (session, name: string, { run }: ExplainOptions) => {
        const told = await explainer(await viewPorts(session), session.ports.timer).of(name, run)
        session.out.result(told, explainLines(told))
        return told.proof.reproduced === false ? EXIT.partly : EXIT.done
      }),
    )
}
