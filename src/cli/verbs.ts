// The catalogue of verbs, in the order of `--help`.

import { backtest } from './backtest.ts'
import { backup } from './backup.ts'
import type { Verb } from './command.ts'
import { completion } from './completion.ts'
import { config } from './config.ts'
import { data } from './data.ts'
import { db } from './db.ts'
import { demo } from './demo.ts'
import { doctor } from './doctor.ts'
import { drill } from './drill.ts'
import { help, version } from './help.ts'
import { init } from './init.ts'
import { keys } from './keys.ts'
import { flatten, kill, pause, resume } from './kill.ts'
import { ledger } from './ledger.ts'
import { logs } from './logs.ts'
import { metrics } from './metrics.ts'
import { models } from './models.ts'
import { publish } from './publish.ts'
import { report } from './report.ts'
import { risk } from './risk.ts'
import { serve } from './serve.ts'
import { sign } from './sign.ts'
import { sync } from './sync.ts'
import { train } from './train.ts'
import { up } from './up.ts'
import { verify } from './verify.ts'

export const VERBS: readonly Verb[] = [
  up,
  serve,
  init,
  kill,
  pause,
  flatten,
  resume,
  risk,
  data,
  train,
  sign,
  verify,
  publish,
  keys,
  sync,
  models,
  ledger,
  backtest,
  report,
  config,
  backup,
  db,
  doctor,
  logs,
  metrics,
  drill,
  demo,
  completion,
  help,
  version,
]
