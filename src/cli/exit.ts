// Which exit code a fault ends the command with (CLI-02).

import { UNREACHABLE } from '../serving/unreachable.ts'

export const EXIT = {
  done: 0,
  refused: 1,
  usage: 2,
  unreachable: 3,
  notFound: 4,
  conflict: 5,
  partly: 6,
  configuration: 78,
  interrupted: 130,
} as const

/** First match wins; whatever is not listed was refused. */
const RULES: readonly (readonly [RegExp, number])[] = [
  [/^CONFIG_/, EXIT.configuration],
  [/^DATA_BLOCKED$/, EXIT.refused],
  [
    /^(INSTALL_BUSY|LOCK_BUSY|STATE_BUSY|BLOB_CONFLICT|POINTER_CONFLICT|RELEASE_EXISTS|EXPORT_EXISTS|DATA_ALREADY|PREVIEW_STALE|STATE_OCCUPIED)$/,
    EXIT.conflict,
  ],
  [
    /^(ALREADY_IN_CHARGE|ALREADY_BLOCKED|PIN_TARGET|SLOT_PINNED|NOT_PINNED|NOT_PAUSED|NOT_BLOCKED|RELEASE_IN_CHARGE)$/,
    EXIT.conflict,
  ],
  [
    /^(RELEASE_UNKNOWN|SOURCE_UNKNOWN|BACKUP_UNKNOWN|DRILL_UNKNOWN|DRILL_EMPTY|DECISION_UNKNOWN|RUN_UNKNOWN|PERIOD_UNKNOWN|BACKUP_UNKNOWN|MODEL_UNKNOWN|DATA_SNAPSHOT_UNKNOWN|DATA_NONE_STORED|LEDGER_UNKNOWN|KEY_UNKNOWN|REPORT_UNKNOWN)$/,
    EXIT.notFound,
  ],
  [UNREACHABLE, EXIT.unreachable],
  [/^SERVER_UNREACHABLE$/, EXIT.unreachable],
  [
    /^(USAGE|URL_|SECRET_|RELEASE_AMBIGUOUS|LEDGER_AMBIGUOUS|DATA_|BARS_|FILE_|DISK_|DATABASE_|SCHEMA_|SQLITE_|KEY_|HWM_KNOWN|MANIFEST_SYNTAX|MANIFEST_DEPTH|MANIFEST_NUMBER|MANIFEST_SCHEMA)/,
    EXIT.usage,
  ],
]

/** @example exitCodeOf('DATA_TIME_ZONE') // 2 */
export function exitCodeOf(code: string): number {
  return RULES.find(([pattern]) => pattern.test(code))?.[1] ?? EXIT.refused
}
