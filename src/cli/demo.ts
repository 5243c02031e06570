// `ratchet demo reset`: erases what the demo left in the state directory, and nothing else (DEMO-06).

import { demoData, resetDemo } from '../loop/demo-reset.ts'
import type { Verb } from './command.ts'
import { count, example } from './lines.ts'

export const demo: Verb = (program, act) => {
  program
    .command('demo')
    .description('the replay of the sample that `up` begins with')
    .command('reset')
    .description('erase its runs, releases and bars; everything else stays')
    .addHelpText('after', example('demo reset'))
    .action(
      act(async ({ state: open, ports, sampleBars, out, confirm, stateDirectory }) => {
        const state = await open()
        const { sha256 } = await ports.openTable(sampleBars)
        const data = await demoData(sha256, state)
        const { channels, releases, dataHashes } = data
        if (channels.length === 0 && dataHashes.length === 0) {
          out.result({ erased: false, ...data }, [`no demo has run in ${stateDirectory}: nothing to erase`])
          return
        }
        const what = `${count(channels.length, 'run')} of the demo (${channels.join(', ') || 'bars only'}) with ${count(releases, 'release')}`
        await confirm({
          command: 'demo reset',
          lines: [
            `${what} are erased from ${stateDirectory}, with every decision, trade and training of theirs`,
            'your own bars, runs and releases stay; the history of the slots and the ledger keep their lines',
          ],
          facts: { stateDirectory, ...data },
          word: 'demo',
        })
        await resetDemo(data, state, ports)
        out.result({ erased: true, ...data }, [`erased: ${what}`])
      }),
    )
}
