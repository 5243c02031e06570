// One line for each verb: what goes well on one state directory, in this order, what is missing, and what holds it up.

/** `{...}` stands for a place of the test: see `placesOf` in verb-table.test.ts. */
export type VerbLine = {
  readonly verb: string
  /** Absent: not run here, with the reason why. */
  readonly good?: string
  readonly reason?: string
  /** Names something that is not there, with the exit code that says so. */
  readonly missing?: readonly [line: string, code: number]
  /** Lock that makes it wait for another process: exit code 5. */
  readonly lock?: 'run' | 'writer'
}

export const VERB_LINES: readonly VerbLine[] = [
  { verb: 'version', good: '' },
  { verb: 'help', good: '', missing: ['nothing-of-that-name', 2] },
  { verb: 'completion', good: 'bash' },
  { verb: 'init', good: '--out {own}.json' },
  { verb: 'config check', good: '' },
  { verb: 'config show', good: '--source' },
  { verb: 'config diff', good: '{own}.json {own}.json', missing: ['{none} {none}', 2] },
  { verb: 'config schema', good: '' },
  { verb: 'config import', good: '{own}.json --out {own}-2.json', missing: ['{none}', 2] },
  { verb: 'doctor', reason: 'says what the machine is like' },
  { verb: 'risk show', good: '' },
  { verb: 'data import', good: '{bars} --symbol OWN', missing: ['{none} --symbol OWN', 2] },
  { verb: 'data list', good: '', missing: ['--symbol NONE', 4] },
  { verb: 'data check', good: '--symbol OWN', missing: ['--symbol NONE', 4] },
  { verb: 'data export', good: '--symbol OWN --out {own}.csv', missing: ['--symbol NONE --out {own}-3.csv', 4] },
  { verb: 'data block', good: 'polygon --reason tested' },
  { verb: 'data unblock', good: 'polygon --reason tested' },
  { verb: 'data known', missing: ['GDP', 4], reason: 'needs series of a vendor' },
  { verb: 'data roll', missing: ['ES', 4], reason: 'needs contracts' },
  {
    verb: 'data fetch',
    reason: 'needs a vendor',
    missing: ['polygon --symbol X --from 2024-01-02 --to 2024-01-03', 1],
  },
  { verb: 'data leak', good: '--bars {bars} --symbol OWN --samples 2', missing: ['--bars {none} --symbol OWN', 2] },
  { verb: 'backtest', good: '--bars {bars} --symbol OWN', missing: ['--bars {none} --symbol OWN', 2] },
  { verb: 'train', reason: 'shown in sync.test.ts', missing: ['--bars {none} --symbol OWN --out {own}-4', 2] },
  {
    verb: 'up',
    good: '--bars {bars} --symbol OWN --headless --until-end --seed 7 --train-every 200',
    missing: ['--bars {none} --symbol OWN --headless', 2],
    lock: 'run',
  },
  { verb: 'serve', reason: 'stays' },
  { verb: 'report daily', good: '', missing: ['--date 1999-01-04', 4] },
  { verb: 'report monthly', good: '', missing: ['--month 1999-01', 4] },
  { verb: 'report list', good: '' },
  { verb: 'keys new', good: '' },
  { verb: 'keys list', good: '' },
  { verb: 'keys show', reason: 'shown in keys.test.ts', missing: ['hmac:none:1', 4] },
  { verb: 'keys export-public', reason: 'shown in keys.test.ts', missing: ['ed25519:none:1', 4] },
  { verb: 'keys revoke', reason: 'shown in keys.test.ts', missing: ['hmac:none:1 --reason tested', 4] },
  { verb: 'verify', good: '{release}', missing: ['{none}', 2] },
  { verb: 'publish', good: '{release} --to {own}-tree', missing: ['{none} --to {own}-tree', 1] },
  { verb: 'sign', reason: 'shown in sign-release.test.ts', missing: ['--manifest {none}', 2] },
  { verb: 'sync', good: '--source {release}', missing: ['--source {none}', 3], lock: 'writer' },
  { verb: 'models list', good: '' },
  { verb: 'models show', good: '1', missing: ['none', 4] },
  { verb: 'models card', good: '1', missing: ['none', 4] },
  { verb: 'models diff', good: '1 1', missing: ['1 none', 4] },
  { verb: 'models history', good: '--verify' },
  { verb: 'models worth', good: '' },
  { verb: 'models explain', good: '1', missing: ['999999', 4] },
  { verb: 'models pin', good: '1 --reason tested', missing: ['none --reason tested', 4], lock: 'run' },
  { verb: 'models unpin', good: '--reason tested', lock: 'run' },
  { verb: 'models backup list', good: '' },
  { verb: 'models backup export', missing: ['none {own}-5', 4], reason: 'shown in models-files.test.ts' },
  { verb: 'models inspect', missing: ['{none}', 2], reason: 'shown in models-files.test.ts' },
  { verb: 'models import', missing: ['{none} --reason tested', 2], reason: 'shown in models-import.test.ts' },
  { verb: 'models migrate', missing: ['{none}', 2], reason: 'shown in models-files.test.ts' },
  { verb: 'models rollback', good: '--reason tested', missing: ['--to none --reason tested', 4], lock: 'run' },
  { verb: 'models promote', missing: ['none --reason tested', 4], reason: 'shown in models-hand.test.ts' },
  { verb: 'models unblock', good: '1 --reason tested', missing: ['none --reason tested', 4], lock: 'run' },
  { verb: 'models block', good: '1 --reason tested', missing: ['none --reason tested', 4], lock: 'run' },
  { verb: 'ledger list', good: '' },
  { verb: 'ledger show', missing: ['none', 4], reason: 'needs a search' },
  { verb: 'ledger verify', good: '' },
  { verb: 'backup create', good: '' },
  { verb: 'backup list', good: '' },
  { verb: 'backup verify', good: '' },
  { verb: 'backup restore', missing: ['19990101_000000', 4], reason: 'shown in backup.test.ts' },
  { verb: 'db status', good: '' },
  { verb: 'db plan', good: '' },
  { verb: 'drill list', good: '' },
  { verb: 'drill run', missing: ['none', 4], reason: 'shown in drill.test.ts' },
  { verb: 'demo reset', good: '' },
  { verb: 'kill', good: '--reason tested' },
]
