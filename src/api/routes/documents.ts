// What the API can do: OpenAPI for programs, a list of routes for people.

import type { Api } from '../api.ts'
import { POLICIES } from '../policies.ts'

const escaped = (text: string): string => text.replace(/[&<>"]/g, char => `&#${char.charCodeAt(0)};`)

type Operation = { readonly summary?: string }

function docsPage(paths: Readonly<Record<string, Readonly<Record<string, Operation>>>>): string {
  const lines = Object.keys(POLICIES)
    .filter(route => route.includes(' /api/') || /z$|metrics$/.test(route))
    .map(route => {
      const [method, path] = route.split(' ') as [string, string]
      const documented = path.replace(/:(\w+)/g, '{$1}')
      const summary = paths[documented]?.[method.toLowerCase()]?.summary ?? ''
      return `<tr><td>${method}</td><td><code>${escaped(path)}</code></td><td>${POLICIES[route]}</td><td>${escaped(summary)}</td></tr>`
    })
  return `<!doctype html>
<html lang="en">
<head><meta charset="utf-8"><title>Ratchet: API</title></head>
<body>
<h1>Ratchet: API</h1>
<p>Shapes of requests and answers: <a href="/openapi.json">/openapi.json</a> (OpenAPI 3.1).</p>
<table><thead><tr><th>Method</th><th>Path</th><th>Role</th><th>What it is</th></tr></thead>
<tbody>
${lines.join('\n')}
</tbody></table>
</body>
</html>
`
}

export function documentRoutes(api: Api): void {
  api.get('/openapi.json', { schema: { hide: true } }, () => api.swagger())
  api.get('/docs', { schema: { hide: true } }, (_request, reply) => {
    const { paths = {} } = api.swagger() as { paths?: Parameters<typeof docsPage>[0] }
    return reply.type('text/html; charset=utf-8').send(docsPage(paths))
  })
}
