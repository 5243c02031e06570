// `ratchet init`: a commented ratchet.json from a few answers; without a terminal, or with --yes, what no option says is as it comes (INST-06).

import { loadConfig } from '../base/config.ts'
import { replaceFile } from '../base/disk.ts'
import { Fault } from '../base/fault.ts'
import { settingsSchema } from '../loop/settings.ts'
import type { Session, Verb } from './command.ts'
import { configText, QUESTIONS, type Question } from './init-questions.ts'
import { example } from './lines.ts'

type InitOptions = Readonly<Record<string, unknown>> & { readonly out?: string; readonly yes?: true }

/** What is wrong with an answer; undefined where nothing is. */
function wrong({ parse }: Question, answer: string): string | undefined {
  const parsed = parse.safeParse(answer)
  return parsed.success ? undefined : (parsed.error.issues[0]?.message ?? 'another answer is expected')
}

async function answerTo(question: Question, options: InitOptions, { ask, out }: Session): Promise<string> {
  const { option, words, usual } = question
  const given = options[option]
  if (typeof given === 'string') {
    const problem = wrong(question, given)
    if (problem === undefined) return given
    throw new Fault('USAGE', problem, { place: `--${option}`, fix: `for example --${option} ${usual}` })
  }
  if (ask === undefined || options.yes === true) return usual
  for (;;) {
    const said = (await ask(`${words} [${usual}] `)).trim() || usual
    const problem = wrong(question, said)
    if (problem === undefined) return said
    out.alert(problem)
  }
}

export const init: Verb = (program, act) => {
  const command = program
    .command('init')
    .description('write a commented configuration file from a few answers; nothing live can be switched on')
    .option('--out <file>', 'where to write (default: ratchet.json)')
  for (const { option, words, usual } of QUESTIONS)
    command.option(`--${option} <answer>`, `${words} (default: ${usual})`)
  command.addHelpText('after', example('init --symbols ES,NQ --yes')).action(
    act(async (session, options: InitOptions) => {
      const { ports, out } = session
      const file = options.out ?? `${ports.workingDirectory}/ratchet.json`
      if ((await ports.disk.stat(file)) !== undefined) {
        throw new Fault('CONFIG_EXISTS', 'there is a file already', { place: file, fix: 'choose another with --out' })
      }
      const answers = new Map<Question, string>()
      for (const question of QUESTIONS) answers.set(question, await answerTo(question, options, session))
      const text = configText(answers)
      // What is written is read as the next start reads it.
      loadConfig(settingsSchema, { file: { name: file, text }, env: {}, sets: [] })
      await replaceFile(ports.disk, file, new TextEncoder().encode(text))
      const told = Object.fromEntries([...answers].map(([{ option }, answer]) => [option, answer]))
      out.result({ file, answers: told }, [
        `written: ${file}; read it, then: ratchet config check`,
        'start: ratchet up, which replays twenty years of the S&P 500 on paper',
      ])
    }),
  )
}
