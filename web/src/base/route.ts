// Where the reader is: a page and what is open on it, as the part of the address after #. A link reproduces a view.

export const PAGES = ['overview', 'market', 'models', 'training'] as const
export type PageName = (typeof PAGES)[number]

export type Route = { readonly page: PageName; readonly query: Readonly<Record<string, string>> }

const isPage = (name: string): name is PageName => PAGES.some(page => page === name)

/** An unknown page is the overview. */
export function parseRoute(hash: string): Route {
  const [path = '', search = ''] = hash.replace(/^#?\/?/, '').split('?')
  const page = isPage(path) ? path : 'overview'
  return { page, query: Object.fromEntries(new URLSearchParams(search)) }
}

/** @example hrefOf({ page: 'market', query: { why: '12' } }) // '#/market?why=12' */
export function hrefOf({ page, query = {} }: { page: PageName; query?: Readonly<Record<string, string>> }): string {
  const search = new URLSearchParams(query).toString()
  return `#/${page}${search === '' ? '' : `?${search}`}`
}
