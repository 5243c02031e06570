// `ratchet data export`: a stored series as a CSV file that imports as the same bars.

import { replaceFile } from '../base/disk.ts'
import { Fault } from '../base/fault.ts'
import { storedMarket } from '../loop/stored-market.ts'
import { type BarSeries, isDaily } from '../market/bar.ts'
import type { Verb } from './command.ts'
import { count, example } from './lines.ts'

type ExportOptions = { readonly symbol: string; readonly out: string }

const HEADER = ['open', 'high', 'low', 'close'] as const

/** Prices as they are stored, digit for digit; the label of a daily bar is a date. */
export function csvOf({ bars, barMs, hasVolume }: Pick<BarSeries, 'bars' | 'barMs' | 'hasVolume'>): string {
  const daily = isDaily(barMs)
  const lines = bars.map(bar => {
    const at = new Date(bar.time).toISOString()
    const cells = [daily ? at.slice(0, 10) : at, ...HEADER.map(name => bar[name])]
    return [...cells, ...(hasVolume ? [bar.volume] : [])].join(',')
  })
  return `${[[daily ? 'date' : 'time', ...HEADER, ...(hasVolume ? ['volume'] : [])].join(','), ...lines].join('\n')}\n`
}

export const dataExport: Verb = (group, act) => {
  group
    .command('export')
    .description('write a stored series to a CSV file')
    .requiredOption('--symbol <symbol>', 'symbol of the series; of several the one in use')
    .requiredOption('--out <file>', 'where to write; it must not be there yet')
    .addHelpText('after', example('data export --symbol SPX --out spx.csv'))
    .action(
      act(async (session, { symbol, out }: ExportOptions) => {
        const { disk } = session.ports
        if ((await disk.stat(out)) !== undefined) {
          throw new Fault('EXPORT_EXISTS', 'there is a file already', { place: out, fix: 'choose another with --out' })
        }
        const market = await storedMarket(await session.state(), symbol, session.ports)
        if (market === undefined) {
          const fix = 'see which there are: ratchet data list'
          throw new Fault('DATA_NONE_STORED', `no bars of ${symbol} are stored`, { fix })
        }
        const { series } = market
        await replaceFile(disk, out, new TextEncoder().encode(csvOf(series)))
        const { bars, snapshotId, provenance } = series
        session.out.result({ out, symbol, bars: bars.length, snapshotId, provenance }, [
          `${count(bars.length, 'bar')} of ${symbol} in ${out}, ${provenance} data, snapshot ${snapshotId}`,
        ])
      }),
    )
}
