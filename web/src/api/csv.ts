// A whole list as CSV: page by page, with one header line.

import { problemOf } from './problem.ts'
import { type Query, urlOf } from './request.ts'

/** The most that the API gives at once. */
const PAGE = 500
/** No list of a run is longer; an endless one is not followed for ever. */
const PAGES = 2000

export async function csvOf(path: string, query: Query): Promise<string> {
  let csv = ''
  let cursor: string | null = null
  for (let page = 0; page < PAGES; page++) {
    const response: Response = await fetch(urlOf(path, { ...query, limit: PAGE, cursor }), {
      headers: { accept: 'text/csv' },
    })
    const body = await response.text()
    if (!response.ok) throw problemOf(response.status, undefined)
    csv += page === 0 ? body : body.slice(body.indexOf('\n') + 1)
    cursor = response.headers.get('x-next-cursor')
    if (cursor === null) return csv
  }
  return csv
}
