// What an import or a fetch did, in lines for people.

import type { ImportReport } from '../data/report.ts'

const mergedLine = ({ had, added, corrected }: NonNullable<ImportReport['merged']>): string =>
  `  added to ${had} stored bars: ${added} new, ${corrected} corrected`

export const reportLines = (report: ImportReport): string[] => [
  `${report.symbol}: ${report.stored} bars of ${report.barMs / 60_000} min from ${report.firstTime} to ${report.lastTime} (${report.calendar})`,
  `  read ${report.rowsRead}, duplicate ${report.duplicates}, conflicting ${report.conflicts}, rejected ${report.rejected}, held back ${report.quarantined}, missing ${report.missingBars}`,
  ...(report.merged === undefined ? [] : [mergedLine(report.merged)]),
  ...report.firstRejects.map(({ line, reason }) => `  line ${line}: ${reason}`),
  ...report.warnings.map(warning => `  note: ${warning}`),
]
