// The dashboard's files; where it was not built, one page that says how. Pages of the dashboard are paths that only it knows.

import { existsSync } from 'node:fs'
import { join } from 'node:path'
import fastifyStatic from '@fastify/static'
import { Fault } from '../../base/fault.ts'
import type { Api } from '../api.ts'

const UNBUILT = `<!doctype html>
<html lang="en">
<head><meta charset="utf-8"><title>Ratchet</title></head>
<body>
<h1>Ratchet</h1>
<p>The server runs; its dashboard was not built. Build it with <code>npx vite build web</code> and reload this page.</p>
<p>The API is at <a href="/api/status">/api/status</a>, its routes at <a href="/docs">/docs</a>.</p>
</body>
</html>
`

/** What a program is told that asks for no page. */
const NAME = {
  name: 'ratchet',
  links: { status: '/api/status', openapi: '/openapi.json', docs: '/docs', health: '/healthz', ready: '/readyz' },
}

/** Names of built files carry a hash of their content. */
const HASHED = /\/assets\//

/** @param folder with `index.html` */
export async function dashboardRoutes(api: Api, folder: string, version: string): Promise<void> {
  const built = existsSync(join(folder, 'index.html'))
  if (built) {
    await api.register(fastifyStatic, {
      root: folder,
      dotfiles: 'deny',
      cacheControl: false,
      setHeaders: (response, path) => {
        void response.header('cache-control', HASHED.test(path) ? 'public, max-age=31536000, immutable' : 'no-cache')
      },
    })
  }
  api.get('/', { schema: { hide: true } }, ({ headers }, reply) => {
    // Browsers ask for pages; whoever does not is a program.
    if (headers.accept?.includes('text/html') !== true) return reply.send({ ...NAME, version })
    if (!built) return reply.type('text/html; charset=utf-8').send(UNBUILT)
    return reply.header('cache-control', 'no-cache').sendFile('index.html')
  })
  api.setNotFoundHandler((request, reply) => {
    const { pathname } = new URL(request.url, 'http://localhost')
    const isPage =
      request.method === 'GET' && !pathname.startsWith('/api/') && request.headers.accept?.includes('text/html')
    if (isPage !== true)
      throw new Fault('NOT_FOUND', `there is nothing at ${pathname}`, { fix: 'see /docs for what there is' })
    if (!built) return reply.type('text/html; charset=utf-8').send(UNBUILT)
    return reply.header('cache-control', 'no-cache').sendFile('index.html')
  })
}
