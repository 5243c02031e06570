// The table of scheduled news of a state directory, where somebody put one there (RSK-02).

import { Fault } from '../base/fault.ts'
import { sha256 } from '../base/hash.ts'
import { isDaily } from '../market/bar.ts'
import { type NewsFile, newsGap, parseNews } from '../market/news.ts'
import type { Market } from './import-series.ts'
import type { Ports } from './ports.ts'

const MOST_BYTES = 4 * 1024 * 1024

export const newsPath = (directory: string, { data }: Ports['settings']): string =>
  data.newsFile.startsWith('/') ? data.newsFile : `${directory}/${data.newsFile}`

/** Undefined without a file. Faults: `NEWS_SYNTAX`, those of the disk. */
export async function readNews(
  directory: string,
  { disk, settings }: Pick<Ports, 'disk' | 'settings'>,
): Promise<NewsFile | undefined> {
  const path = newsPath(directory, settings)
  try {
    const bytes = await disk.read(path, MOST_BYTES)
    return { table: parseNews(new TextDecoder('utf-8', { fatal: true }).decode(bytes), path), sha256: sha256(bytes) }
  } catch (cause) {
    if (cause instanceof Fault && cause.code === 'FILE_MISSING') return undefined
    if (!(cause instanceof TypeError)) throw cause
    throw new Fault('NEWS_SYNTAX', 'the news table is not text in UTF-8', {
      place: path,
      fix: 'save it as UTF-8',
      cause,
    })
  }
}

/**
 * The market with its news. Daily bars have no minutes to hold entries back in, so they need none.
 *
 * @returns also what to say of a table that is missing or does not cover the bars
 */
export async function withNews(
  market: Market,
  directory: string,
  ports: Pick<Ports, 'disk' | 'settings'>,
): Promise<{ readonly market: Market; readonly gap: string | undefined }> {
  const { bars, barMs } = market.series
  if (isDaily(barMs)) return { market, gap: undefined }
  const news = await readNews(directory, ports)
  const gap = newsGap(news?.table, bars[0]!.knownAt, bars.at(-1)!.knownAt)
  return { market: news === undefined ? market : { ...market, news }, gap }
}
