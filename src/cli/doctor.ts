// `ratchet doctor`: looks the installation over, line by line, with a remedy for what is wrong (INST-03).

import { type DoctorLine, doctor as examine } from '../loop/doctor.ts'
import type { Verb } from './command.ts'
import { EXIT } from './exit.ts'
import { example, table } from './lines.ts'
import { toDo } from './output.ts'

export function doctorLines(lines: readonly DoctorLine[]): string[] {
  const rows = table(lines.map(({ verdict, check, text }) => [verdict.padEnd(4), check, text]))
  return lines.flatMap(({ fix }, index) => (fix === undefined ? [rows[index]!] : [rows[index]!, `    ${toDo(fix)}`]))
}

export const doctor: Verb = (program, act) => {
  program
    .command('doctor')
    .description('check this machine and the state directory; exit code 0 or 1')
    .addHelpText('after', example('doctor'))
    .action(
      act(async ({ ports, out, stateDirectory }) => {
        const lines = await examine(stateDirectory, ports)
        const healthy = lines.every(({ verdict }) => verdict !== 'fail')
        out.result({ healthy, checks: lines }, doctorLines(lines))
        return healthy ? EXIT.done : EXIT.refused
      }),
    )
}
