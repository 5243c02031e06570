// `ratchet train`: one training on a bar file, to a signed release directory.

import { Option } from 'commander'
import { Fault } from '../base/fault.ts'
import { evidenceOf } from '../loop/reports/evidence.ts'
import { type SavedReport } from '../loop/reports/save.ts'
import { trainingReport } from '../loop/reports/training.ts'
import type { SearchRequest } from '../loop/search-training.ts'
import { type TrainedOnce, type TrainOnceRequest, trainOnce } from '../loop/train-once.ts'
import { utcText } from '../release/utc.ts'
import { SEARCHED_ROLES, type SearchedRole } from '../training/search/spaces.ts'
import { utcTime, wholeNumber } from './arguments.ts'
import type { Session, Verb } from './command.ts'
import { barName } from './lines.ts'
import { addHtmlOption, type HtmlOption, reportLines, writeReport } from './report-options.ts'
import { addSeriesOptions, type SeriesOptions, seriesRequest, seriesWords } from './series-options.ts'

type TrainOptions = SeriesOptions &
  HtmlOption & {
    readonly bars?: string
    readonly contracts?: string
    readonly actions?: string
    readonly out: string
    readonly seed?: number
    readonly search?: string | true
    readonly trials?: number
    readonly searchRole: SearchedRole
    readonly asOf?: number
  }

const MINUTE_MS = 60_000

/** A command that is run again must not write where this one did. */
const AGAIN = 'made-again'

const dataWords = ({ bars, contracts, actions, ...options }: TrainOptions): string[] =>
  contracts === undefined
    ? ['--bars', bars!, ...seriesWords(options), ...(actions === undefined ? [] : ['--actions', actions])]
    : ['--contracts', contracts, '--bar', barName(options.bar ?? MINUTE_MS)]

/** What `--search` asks for; undefined without it. */
function searchOf(
  { search, trials, searchRole }: TrainOptions,
  { settings }: Session['ports'],
): SearchRequest | undefined {
  if (search === undefined) return undefined
  const { method, patience } = settings.search
  const asked = { role: searchRole, patience, trials: trials ?? settings.search.trials }
  return { ...asked, method: search === true ? method : search }
}

const searchWords = ({ search, trials, searchRole }: TrainOptions): string[] => [
  ...(search === undefined ? [] : ['--search', ...(search === true ? [] : [search]), '--search-role', searchRole]),
  ...(trials === undefined ? [] : ['--trials', `${trials}`]),
]

/** Fault: `USAGE` unless exactly one of both is named. */
function dataOf(options: TrainOptions): TrainOnceRequest['bars'] {
  const { bars, contracts, actions } = options
  if (contracts !== undefined && actions !== undefined) {
    throw new Fault('USAGE', 'contracts have neither splits nor dividends', { place: '--actions', fix: 'leave it out' })
  }
  if (bars !== undefined && contracts === undefined) return seriesRequest(bars, options)
  if (bars === undefined && contracts !== undefined) return { root: contracts, barMs: options.bar ?? MINUTE_MS }
  throw new Fault('USAGE', 'what to learn from is one file of bars, or the stored contracts of one root', {
    place: bars === undefined ? '--bars' : '--contracts',
    fix: 'give --bars FILE or --contracts ES',
  })
}

async function report(
  { built, market, asOf, seed }: TrainedOnce,
  options: TrainOptions,
  session: Session,
): Promise<SavedReport | undefined> {
  const { html } = options
  if (html === undefined) return undefined
  const { labels } = session.ports.settings
  const { pointValue, commissionPerSide, minSlippage, step } = market.instrument
  const { releaseId, label, channel, version } = built.manifest
  const given = [...dataWords(options), ...searchWords(options)]
  const words = ['train', ...given, '--seed', `${seed}`, '--as-of', utcText(asOf)]
  return writeReport(
    {
      html,
      words: [...words, '--out', AGAIN],
      stamp: [{ label: 'Release', text: `${label} (${releaseId}), version ${version} of channel ${channel}` }],
      reportOf: origin =>
        trainingReport(
          {
            ...evidenceOf(built.files),
            assumptions: [
              `$${pointValue} a point, $${commissionPerSide} commission a side, slippage of at least ${minSlippage.rth} steps of ${step} in regular hours and ${minSlippage.eth} outside them.`,
              `A candidate is entered at the next bar and left at a stop of ${labels.stopAtr} ATR, a target of ${labels.targetAtr} ATR, or after ${labels.maxBars} bars.`,
            ],
          },
          origin,
        ),
    },
    session,
  )
}

export const train: Verb = (program, act) => {
  addHtmlOption(
    addSeriesOptions(
      program
        .command('train')
        .description('train the three models on bars and write a signed candidate release')
        .option('--bars <file>', 'bars to learn from')
        .option(
          '--contracts <root>',
          'in place of --bars: the stored contracts of ES, MES, NQ or MNQ, one after the other',
        )
        .option('--actions <file>', 'with --bars: its splits and dividends, a table with date, kind and value')
        .requiredOption('--out <folder>', 'folder that becomes the release; it must not exist')
        .option('--seed <n>', 'seed of everything random', wholeNumber(0))
        .option('--search [method]', 'first search for parameters: tpe, random, grid, gp, cma-es or halving')
        .option('--trials <n>', 'configurations that the search tries (search.trials)', wholeNumber(1))
        .addOption(
          new Option('--search-role <role>', 'whose parameters').choices(SEARCHED_ROLES).default(SEARCHED_ROLES[0]),
        )
        .option(
          '--as-of <time>',
          'use nothing that was known later, e.g. 2020-01-15T00:00:00Z (default: now)',
          utcTime,
        ),
    ),
  ).action(
    act(async (session, options: TrainOptions) => {
      const { ports, out, signal, state } = session
      const trained = await trainOnce(
        {
          bars: dataOf(options),
          actions: options.actions,
          seed: options.seed ?? ports.settings.training.seed,
          asOf: options.asOf,
          out: options.out,
          search: searchOf(options, ports),
          signal,
          onProgress: ({ phase, fraction, text }) =>
            out.progress(fraction, `${Math.round(fraction * 100)} % ${phase}: ${text}`),
        },
        await state(),
        ports,
      )
      const { manifest, manifestSha256, files } = trained.built
      const { evaluation } = trained
      const saved = await report(trained, options, session)
      const models = manifest.members.filter(({ role }) => role !== undefined)
      out.result(
        {
          releaseId: manifest.releaseId,
          label: manifest.label,
          manifestSha256,
          out: trained.out,
          files: [...files.keys()],
          trainingSamples: trained.trainingSamples,
          effectiveRows: trained.effectiveRows,
          thin: evaluation.thin,
          baselineRoles: trained.baselineRoles,
          holdout: Object.fromEntries(Object.entries(evaluation.roles).map(([role, { holdout }]) => [role, holdout])),
          verdict: evaluation.verdict,
          ...(saved && { report: saved }),
        },
        [
          `release ${manifest.releaseId} (${manifest.label}) in ${trained.out}`,
          `learned from ${trained.trainingSamples} rows, ${trained.effectiveRows.toFixed(1)} effective${evaluation.thin ? ' (thin: paper only)' : ''}`,
          ...models.map(
            ({ role = '', size }) =>
              `  ${role.padEnd(10)} ${size} bytes${trained.baselineRoles.includes(role) ? ', baseline' : ''}`,
          ),
          `verify it: ratchet verify ${trained.out}`,
          ...reportLines(saved),
        ],
      )
    }),
  )
}
