// `ratchet models show V`: what a release was fitted on, what it measured, what its gates said, what it holds.

import { type ModelDetail, showModel } from '../loop/model-catalogue.ts'
import { storedEvidence } from '../loop/reports/evidence.ts'
import type { SavedReport } from '../loop/reports/save.ts'
import { trainingReport } from '../loop/reports/training.ts'
import { driftView } from '../loop/views/release-detail.ts'
import type { Metric, RoleEvaluation } from '../release/evaluation.ts'
import type { Session, Verb } from './command.ts'
import { example, short, table, utcDay } from './lines.ts'
import { addHtmlOption, type HtmlOption, reportLines, writeReport } from './report-options.ts'

function figure(value: number | string | null): string {
  if (typeof value === 'number') return String(Number(value.toPrecision(5)))
  if (value === null) return 'n/a'
  return /^[0-9a-f]{64}$/.test(value) ? short(value) : value
}

function metricText(name: string, { value, low, high, n, note }: Metric): string {
  const interval = low === null || high === null ? '' : ` [${figure(low)}, ${figure(high)}]`
  return `${name} ${figure(value)}${interval} (n ${n}${note === undefined ? '' : `, ${note}`})`
}

function chargeOf({ inCharge, inReplay }: ModelDetail): string {
  if (inCharge) return ', in charge'
  return inReplay ? ', in charge of the replay' : ''
}

function roleLines([role, { baseline, holdout }]: readonly [string, RoleEvaluation]): string[] {
  const kind = baseline ? 'stand-in, not a trained model' : 'trained'
  return [`  ${role}: ${kind}`, ...Object.entries(holdout).map(([name, metric]) => `    ${metricText(name, metric)}`)]
}

function gateLines({ gates }: ModelDetail): string[] {
  if (gates === null) return ['gates       none was asked']
  const decided = gates.decidedBy === null ? '' : `, decided by ${gates.decidedBy}`
  return [
    `gates       ${gates.verdict}${decided}${gates.notRun.length === 0 ? '' : `; not run: ${gates.notRun.join(', ')}`}`,
    ...table(
      gates.results.map(({ gate, result, value, limit, reason, paper }) => [
        `  ${gate}`,
        result + (paper === true ? ' (paper)' : ''),
        `value ${figure(value)}`,
        `limit ${figure(limit)}`,
        reason ?? '',
      ]),
    ),
  ]
}

/** Columns shown; the rest has moved less. */
const SHOWN = 5

function driftLines({ evaluation }: ModelDetail): string[] {
  const drift = driftView(evaluation)
  if (drift === null) return []
  const { labels, columns } = drift
  const rows = columns.slice(0, SHOWN).map(({ name, psi }) => [`  ${name}`, `PSI ${figure(psi)}`])
  const score = `drift       ${figure(evaluation.drift?.score ?? null)} from the rows fitted on to those judged on`
  return [score, ...table([...rows, ['  class shares', `PSI ${figure(labels)}`]])]
}

export function modelLines(model: ModelDetail): string[] {
  const { manifest, evaluation, block } = model
  const { windows, rows } = evaluation
  const span = ([from, to]: readonly [number, number]) => `${utcDay(from)} to ${utcDay(to)}`
  return [
    `release     ${model.label} (${model.releaseId}), version ${model.version} of channel ${model.channel}`,
    `state       ${model.state}${chargeOf(model)}${block === null ? '' : `, blocked: ${block.reason}`}`,
    `digest      ${model.digest}`,
    `issued      ${manifest.issuedAt}, expires ${manifest.expiresAt}`,
    `for         ${manifest.audience.profile}, ${manifest.audience.symbols.join(', ')}; data ${manifest.provenance}`,
    `fitted on   ${span(windows.fit)}, ${rows.fit} rows`,
    `judged on   ${span(windows.holdout)}, ${rows.holdout} rows${evaluation.thin ? '; thin evidence' : ''}`,
    `trials      ${evaluation.trials}`,
    'roles',
    ...Object.entries(evaluation.roles).flatMap(roleLines),
    ...driftLines(model),
    ...gateLines(model),
    'members',
    ...table(manifest.members.map(({ name, size, sha256 }) => [`  ${name}`, `${size} bytes`, short(sha256)])),
  ]
}

async function report(release: ModelDetail, { html }: HtmlOption, session: Session): Promise<SavedReport | undefined> {
  if (html === undefined) return undefined
  const evidence = await storedEvidence(release.manifest, await session.reading(), session.ports)
  const words = ['models', 'show', short(release.digest)]
  const stamp = [{ label: 'State', text: `${release.state}${chargeOf(release)}` }]
  return writeReport(
    { html, words, stamp, reportOf: origin => trainingReport({ ...evidence, release }, origin) },
    session,
  )
}

export const modelsShow: Verb = (group, act) => {
  const command = group
    .command('show')
    .description('show one release: windows, roles, gates, members')
    .argument('<release>', 'label, version, id or the beginning of its digest')
    .addHelpText('after', example('models show 20260115_143000_5'))
  addHtmlOption(command).action(
    act(async (session, name: string, options: HtmlOption) => {
      const { registry } = await session.reading()
      const model = await showModel(name, registry)
      const saved = await report(model, options, session)
      session.out.result({ ...model, ...(saved && { report: saved }) }, [...modelLines(model), ...reportLines(saved)])
    }),
  )
}
