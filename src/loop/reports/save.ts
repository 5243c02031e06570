// Reports on disk: page and JSON side by side, where they were asked for or in the folder of reports, from which the oldest go.

import { replaceFile } from '../../base/disk.ts'
import { renderReport } from '../../report/render.ts'
import type { Report, Stamp } from '../../report/report.ts'
import type { Ports } from '../ports.ts'

/** `backtest-20261122_210305_1a2b3c4d`: kind, when it was made (UTC) and the beginning of its hash. */
const NAME = /^([a-z-]+)-(\d{8}_\d{6})_([0-9a-f]{8})\.html$/

type SavePorts = Pick<Ports, 'disk' | 'settings' | 'clock'>

export const reportFolder = ({ settings }: Pick<Ports, 'settings'>, stateDirectory: string): string =>
  settings.report.dir ?? `${stateDirectory}/reports`

export type ShelvedReport = {
  /** Without extension; `.html` and `.json` lie in the folder of reports. */
  readonly name: string
  readonly kind: string
  /** `YYYYMMDD_HHMMSS`, UTC. */
  readonly madeAt: string
}

/** Reports of the folder, oldest first; other files there are left alone. */
export async function listReports(folder: string, disk: Ports['disk']): Promise<readonly ShelvedReport[]> {
  const found = (await disk.list(folder)).flatMap(({ name }) => {
    const [, kind, madeAt] = NAME.exec(name) ?? []
    return kind === undefined || madeAt === undefined ? [] : [{ name: name.slice(0, -'.html'.length), kind, madeAt }]
  })
  return found.sort((a, b) => (a.madeAt === b.madeAt ? 0 : a.madeAt < b.madeAt ? -1 : 1))
}

export type SaveRequest = {
  readonly report: Report
  readonly stamp?: Stamp | undefined
  /** Path of the page, with the JSON beside it; undefined: the folder of reports. */
  readonly file?: string | undefined
  readonly stateDirectory: string
  /** Rows that lie beside page and JSON. */
  readonly csv?: string | undefined
}

export type SavedReport = {
  /** Paths of page and JSON. */
  readonly html: string
  readonly json: string
  readonly csv?: string
  /** Of the JSON's bytes, as printed in the page. */
  readonly sha256: string
}

const bytesOf = (text: string): Uint8Array => new TextEncoder().encode(text)

/**
 * What is kept in the folder is `report.keep` reports at most. Faults: `REPORT_TOO_LARGE`, those of the disk.
 *
 * @example (await saveReport({ report, stateDirectory }, ports)).html // '.ratchet/reports/backtest-20261122_210305_1a2b3c4d.html'
 */
export async function saveReport(
  { report, stamp, file, stateDirectory, csv }: SaveRequest,
  ports: SavePorts,
): Promise<SavedReport> {
  const { html, json, sha256 } = renderReport(report, stamp)
  const { disk, clock, settings } = ports
  const folder = reportFolder(ports, stateDirectory)
  const madeAt = new Date(clock.now()).toISOString().slice(0, 19).replace(/[-:]/g, '').replace('T', '_')
  const base = file?.replace(/\.html?$/i, '') ?? `${folder}/${report.kind}-${madeAt}_${sha256.slice(0, 8)}`
  const rows = csv === undefined ? {} : { csv: `${base}.csv` }
  const saved = { html: file ?? `${base}.html`, json: `${base}.json`, ...rows, sha256 }
  if (csv !== undefined) await replaceFile(disk, `${base}.csv`, bytesOf(csv))
  await replaceFile(disk, saved.json, bytesOf(json))
  await replaceFile(disk, saved.html, bytesOf(html))
  if (file === undefined) {
    const all = await listReports(folder, disk)
    // The page goes last: it is what is listed, so what a crash leaves is found again.
    for (const { name } of all.slice(0, Math.max(0, all.length - settings.report.keep))) {
      await disk.remove(`${folder}/${name}.json`)
      await disk.remove(`${folder}/${name}.csv`)
      await disk.remove(`${folder}/${name}.html`)
    }
  }
  return saved
}
