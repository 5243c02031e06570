// `ratchet train`: one training on a bar file, to a signed release directory.

import { Option } from 'commander'
import { Fault } from '../base/fault.ts'
import { previewTraining } from '../loop/preview-training.ts'
import { evidenceOf } from '../loop/reports/evidence.ts'
import { type SavedReport } from '../loop/reports/save.ts'
import { trainingReport } from '../loop/reports/training.ts'
import type { SearchRequest } from '../loop/search-training.ts'
import { type TrainedOnce, trainOnce } from '../loop/train-once.ts'
import { utcText } from '../release/utc.ts'
import { SEARCHED_ROLES, type SearchedRole } from '../training/search/spaces.ts'
import { duration, listed, utcTime, wholeNumber } from './arguments.ts'
import type { Session, Verb } from './command.ts'
import { example } from './lines.ts'
import { addHtmlOption, type HtmlOption, reportLines, writeReport } from './report-options.ts'
import { addSeriesOptions } from './series-options.ts'
import { type DataOptions, dataOf, dataWords } from './train-data.ts'
import { previewLines, resultLines } from './train-lines.ts'

type TrainOptions = DataOptions &
  HtmlOption & {
    readonly out?: string
    readonly seed?: number
    readonly search?: string | true
    readonly trials?: number
    readonly searchRole: SearchedRole
    readonly asOf?: number
    readonly budget?: number
    readonly champion?: string
    readonly dryRun?: boolean
    readonly force?: boolean
    readonly symbols?: readonly string[]
  }

/** A command that is run again must not write where this one did. */
const AGAIN = 'made-again'

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

/** Fault: `USAGE` where a release has no place to go. */
function outOf({ out }: TrainOptions): string {
  if (out !== undefined) return out
  throw new Fault('USAGE', 'a folder for the release is needed', {
    place: '--out',
    fix: 'give --out FOLDER, or --dry-run to look first',
  })
}

async function report(
  { built, market, asOf, seed, champion }: TrainedOnce,
  options: TrainOptions,
  session: Session,
): Promise<SavedReport | undefined> {
  const { html } = options
  if (html === undefined) return undefined
  const { labels } = session.ports.settings
  const { pointValue, commissionPerSide, minSlippage, step } = market.instrument
  const { releaseId, label, channel, version } = built.manifest
  const given = [...dataWords(options), ...searchWords(options)]
  const words = ['train', ...given, '--seed', `${seed}`, '--as-of', utcText(asOf), '--champion', champion ?? 'none']
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

type Told = { readonly value: object; readonly lines: readonly string[] }

async function preview(session: Session, options: TrainOptions): Promise<Told> {
  const { actions, asOf } = options
  const value = await previewTraining({ data: dataOf(options), actions, asOf }, await session.state(), session.ports)
  return { value, lines: previewLines(value) }
}

async function trainOne(session: Session, options: TrainOptions): Promise<Told> {
  const { ports, out, signal, state } = session
  const { actions, asOf, budget, champion, force } = options
  const trained = await trainOnce(
    {
      data: dataOf(options),
      actions,
      seed: options.seed ?? ports.settings.training.seed,
      asOf,
      out: outOf(options),
      search: searchOf(options, ports),
      champion,
      force,
      budgetMs: budget,
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
  const value = {
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
    labels: trained.labels,
    champion: trained.champion,
    overruled: trained.overruled,
    ...(saved && { report: saved }),
  }
  return { value, lines: [...resultLines(trained), ...reportLines(saved)] }
}

/** The options of each symbol, whose release is a folder of its own in `--out`; undefined where one training is meant. Fault: `USAGE`. */
function eachSymbol({ symbols, ...options }: TrainOptions): readonly TrainOptions[] | undefined {
  if (symbols === undefined) return undefined
  if (options.data !== true || options.symbol !== undefined || typeof options.html === 'string') {
    throw new Fault('USAGE', 'several symbols are those of stored bars, each with files of its own', {
      place: '--symbols',
      fix: 'give --data --symbols ES,NQ without --symbol, and --html without a file',
    })
  }
  const { out } = options
  return symbols.map(symbol => ({ ...options, symbol, ...(out !== undefined && { out: `${out}/${symbol}` }) }))
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
        .option('--data', 'in place of --bars: the bars of --symbol that were stored last')
        .option('--symbols <list>', 'with --data: several, one after the other, each in a folder of --out', listed)
        .option(
          '--actions <file>',
          'with --bars or --data: its splits and dividends, a table with date, kind and value',
        )
        .option('--out <folder>', 'folder that becomes the release; it must not exist')
        .option('--seed <n>', 'seed of everything random', wholeNumber(0))
        .option('--search [method]', 'first search for parameters: tpe, random, grid, gp, cma-es or halving')
        .option('--trials <n>', 'configurations that the search tries (search.trials)', wholeNumber(1))
        .addOption(
          new Option('--search-role <role>', 'whose parameters').choices(SEARCHED_ROLES).default(SEARCHED_ROLES[0]),
        )
        .option('--as-of <time>', 'use nothing that was known later, e.g. 2020-01-15T00:00:00Z (default: now)', utcTime)
        .option('--champion <release>', 'release that it is held against, or none (default: the one in charge)')
        .option('--budget <time>', 'cancel it after so long, e.g. 15m', duration)
        .option('--dry-run', 'check data, labels, splits and floors; train nothing')
        .option('--force', 'train although training is switched off; the record says so')
        .addHelpText('after', example('train --bars nq.csv --symbol NQ --out release')),
    ),
  ).action(
    act(async (session, options: TrainOptions) => {
      const one = options.dryRun === true ? preview : trainOne
      const parts = eachSymbol(options)
      if (parts === undefined) {
        const { value, lines } = await one(session, options)
        session.out.result(value, lines)
        return
      }
      const told: Told[] = []
      for (const part of parts) told.push(await one(session, part))
      session.out.result(
        { trainings: told.map(({ value }) => value) },
        told.flatMap(({ lines }) => lines),
      )
    }),
  )
}
