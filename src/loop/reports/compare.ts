// A report beside an earlier one: the figures that both have, and what became of them.

import { z } from 'zod'
import { Fault } from '../../base/fault.ts'
import { nearest } from '../../base/nearest.ts'
import { PAGE_CAP } from '../../report/render.ts'
import type { Figure, Report } from '../../report/report.ts'
import type { Ports } from '../ports.ts'
import { listReports, reportFolder } from './save.ts'

export type Compared = {
  /** Title and subject of the other report. */
  readonly with: string
  readonly figures: readonly {
    readonly label: string
    readonly unit: string
    readonly digits: number
    /** Null: there is none. */
    readonly own: number | null
    readonly other: number | null
  }[]
}

const figureSchema = z.looseObject({
  label: z.string(),
  value: z.number().nullable(),
  unit: z.string().optional(),
  digits: z.int().optional(),
})

const reportSchema = z.looseObject({
  schema: z.literal('ratchet.report/1'),
  title: z.string(),
  subject: z.string(),
  sections: z.array(
    z.looseObject({
      blocks: z.array(z.looseObject({ kind: z.string(), figures: z.array(figureSchema).optional() })),
    }),
  ),
})

export type OtherReport = z.infer<typeof reportSchema>

type Ask = Pick<Ports, 'disk' | 'settings'>

/** A path to the JSON of a report, or the name (or its end) of one in the folder of reports. Faults: `REPORT_UNKNOWN`, `REPORT_SYNTAX`. */
export async function openReport(name: string, stateDirectory: string, ports: Ask): Promise<OtherReport> {
  const path = name.endsWith('.json') ? name : await shelved(name, stateDirectory, ports)
  const bytes = await ports.disk.read(path, PAGE_CAP)
  try {
    return reportSchema.parse(JSON.parse(new TextDecoder('utf-8', { fatal: true }).decode(bytes)))
  } catch (cause) {
    throw new Fault('REPORT_SYNTAX', 'is no report of this program', {
      place: path,
      fix: 'name the JSON that was written beside the page of a report',
      cause,
    })
  }
}

async function shelved(name: string, stateDirectory: string, ports: Ask): Promise<string> {
  const folder = reportFolder(ports, stateDirectory)
  const names = (await listReports(folder, ports.disk)).map(report => report.name)
  const found = names.findLast(each => each === name || each.endsWith(name))
  if (found !== undefined) return `${folder}/${found}.json`
  const near = nearest(name, names)
  throw new Fault('REPORT_UNKNOWN', `there is no report ${name}`, {
    place: folder,
    fix: near === undefined ? 'write one with --html; list them: ratchet report list' : `did you mean ${near}?`,
  })
}

const figuresOf = ({ sections }: Pick<Report, 'sections'> | OtherReport): readonly Pick<Figure, 'label' | 'value'>[] =>
  sections.flatMap(({ blocks }) =>
    blocks.flatMap(block => (block.kind === 'figures' && Array.isArray(block.figures) ? block.figures : [])),
  )

/**
 * Figures of both by their labels, in the order of the first.
 *
 * @example compareReports(report, other).figures[0] // { label: 'Sharpe, annualised', own: 0.4, other: 0.3, … }
 */
export function compareReports(own: Report, other: OtherReport): Compared {
  const theirs = new Map(figuresOf(other).map(({ label, value }) => [label, value]))
  const shared = (figuresOf(own) as readonly Figure[]).filter(({ label }) => theirs.has(label))
  return {
    with: `${other.title}: ${other.subject}`,
    figures: shared.map(({ label, value, unit = '', digits = 2 }) => ({
      label,
      unit,
      digits,
      own: value,
      other: theirs.get(label) ?? null,
    })),
  }
}
