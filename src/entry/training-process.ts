// The process of trainings as a program: it fits with a crew of its own, and asks for the reference runtime and the release in charge.

import { serveWork } from '../adapters/processes/working.ts'
import { systemClock } from '../adapters/system/clock.ts'
import { lazyCrew } from '../adapters/threads/lazy-crew.ts'
import type { ChampionAnswer } from '../training/run.ts'
import { train } from '../training/train.ts'
import {
  type ChampionQuestion,
  type OracleQuestion,
  type TrainedReply,
  type TrainingTask,
  trainedReply,
} from './training-message.ts'

type Threads = ReturnType<typeof lazyCrew>
let threads: Threads | undefined

const crewOf = (count: number): Threads =>
  lazyCrew({
    thread: new URL('crew-thread.ts', import.meta.url),
    helpers: count - 1,
    onRefused: ({ code, message }) => void process.stderr.write(`${code}: ${message}; training goes on alone\n`),
  })

serveWork(async (task: TrainingTask, ask): Promise<TrainedReply> => {
  const { series, sessions, standsAt, oracle, champion, watched, threads: count, ...input } = task
  threads ??= crewOf(count)
  const sessionOf = (timeMs: number): string => {
    const session = sessions.get(timeMs)
    if (session === undefined) throw new Error(`no session is known at ${timeMs}`)
    return session
  }
  const outcome = await train({
    ...input,
    series: { ...series, sessionOf },
    clock: standsAt === undefined ? systemClock : { now: () => standsAt },
    oracle: {
      ...oracle,
      run: async (model, rows, rowCount) =>
        (await ask('oracle', { model, rows, count: rowCount } satisfies OracleQuestion)) as Float32Array,
      close: async () => {},
    },
    champion: champion && {
      ...champion,
      answer: async (role, rows, rowCount) =>
        (await ask('champion', { role, rows, count: rowCount } satisfies ChampionQuestion)) as
          | ChampionAnswer
          | undefined,
    },
    crew: await threads.crew(),
    ...(watched ? { onProgress: progress => void ask('progress', progress) } : {}),
  })
  return trainedReply(outcome)
})
