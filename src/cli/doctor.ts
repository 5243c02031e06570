// `ratchet doctor`: looks the installation over, line by line, with a remedy for what is wrong (INST-03).

import { Fault } from '../base/fault.ts'
import { forgetBreakers, type KnownBreaker, knownBreakers } from '../loop/breakers.ts'
import { type DoctorLine, doctor as examine } from '../loop/doctor.ts'
import type { Session, Verb } from './command.ts'
import { EXIT } from './exit.ts'
import { example, table } from './lines.ts'
import { toDo } from './output.ts'

export function doctorLines(lines: readonly DoctorLine[]): string[] {
  const rows = table(lines.map(({ verdict, check, text }) => [verdict.padEnd(4), check, text]))
  return lines.flatMap(({ fix }, index) => (fix === undefined ? [rows[index]!] : [rows[index]!, `    ${toDo(fix)}`]))
}

type DoctorOptions = {
  readonly network?: true
  readonly sandbox?: true
  readonly breakers?: true
  readonly reset?: true | string
}

export function breakerLines(breakers: readonly KnownBreaker[]): string[] {
  if (breakers.length === 0) return ['no place has failed lately']
  return table(
    breakers.map(({ key, state, retryAt, openings, failures }) => {
      const next = retryAt === null ? 'may be asked' : `left alone until ${new Date(retryAt).toISOString()}`
      return [state, key, next, `${failures} failures in a row, opened ${openings} times`]
    }),
  )
}

/** `--breakers`: what is known of failing places; with `--reset` it is forgotten first. */
async function showBreakers({ ports, out, stateDirectory }: Session, reset: true | string | undefined): Promise<void> {
  const key = reset === true ? undefined : reset
  const forgotten = reset === undefined ? [] : await forgetBreakers(key, stateDirectory, ports)
  for (const name of forgotten) out.note(`forgotten: ${name}`)
  const breakers = await knownBreakers(stateDirectory, ports)
  out.result({ forgotten, breakers }, breakerLines(breakers))
}

export const doctor: Verb = (program, act) => {
  program
    .command('doctor')
    .description('check this machine and the state directory; exit code 0 or 1')
    .option('--network', 'only whether the configured places outside answer')
    .option('--sandbox', 'only the walls around processes with models of others')
    .option('--breakers', 'show what is known of places outside that failed, instead')
    .option('--reset [breaker]', 'with --breakers: forget one, or all')
    .addHelpText('after', example('doctor'))
    .action(
      act(async (session, { breakers, reset, network, sandbox }: DoctorOptions) => {
        const { ports, out, stateDirectory } = session
        if (breakers === true) return showBreakers(session, reset)
        if (reset !== undefined) throw new Fault('USAGE', '--reset goes with --breakers', { place: '--reset' })
        const only = [...(network === true ? ['network'] : []), ...(sandbox === true ? ['sandbox'] : [])]
        const lines = await examine(stateDirectory, ports, only.length === 0 ? undefined : only)
        const healthy = lines.every(({ verdict }) => verdict !== 'fail')
        out.result({ healthy, checks: lines }, doctorLines(lines))
        return healthy ? EXIT.done : EXIT.refused
      }),
    )
}
