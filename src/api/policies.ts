// Who may ask for what: one line a route. A route that is not here keeps the server from being built.

/** `open`: anybody who reaches the server; the others are roles of people, each holding those before it. */
export type Policy = 'open' | 'viewer' | 'trader' | 'admin'

export const POLICIES: Readonly<Record<string, Policy>> = {
  'GET /healthz': 'open',
  'GET /health': 'open',
  'GET /readyz': 'open',
  'GET /metrics': 'viewer',
  'GET /openapi.json': 'open',
  'GET /docs': 'open',
  'GET /': 'open',
  'GET /*': 'open',
  'GET /api/status': 'viewer',
  'GET /api/metrics.json': 'viewer',
  'GET /api/runs': 'viewer',
  'GET /api/bars': 'viewer',
  'GET /api/equity': 'viewer',
  'GET /api/decisions': 'viewer',
  'GET /api/decisions/:seq/explain': 'viewer',
  'GET /api/orders': 'viewer',
  'GET /api/fills': 'viewer',
  'GET /api/trades': 'viewer',
  'GET /api/releases': 'viewer',
  'GET /api/releases/:name': 'viewer',
  'GET /api/models/history': 'viewer',
  'GET /api/models/timeline': 'viewer',
  'GET /api/trainings': 'viewer',
  'GET /api/trainings/:id': 'viewer',
  'GET /api/parameters/changes': 'viewer',
  'GET /api/alerts': 'viewer',
  'GET /api/drills': 'viewer',
  'GET /api/events': 'viewer',
  'POST /api/replay': 'trader',
  'POST /api/drills': 'trader',
  'POST /api/kill': 'trader',
  'POST /api/releases/rollback': 'trader',
  'POST /api/releases/:name/promote': 'trader',
  'POST /api/releases/:name/override': 'admin',
  'POST /api/releases/:name/pin': 'trader',
  'POST /api/releases/:name/unpin': 'trader',
  'POST /api/releases/:name/resumePromotion': 'admin',
  'POST /api/releases/:name/block': 'trader',
  'POST /api/releases/:name/unblock': 'trader',
  'POST /api/trainings/start': 'trader',
  'POST /api/trainings/stop': 'trader',
  'POST /api/trading/pause': 'trader',
  'POST /api/trading/resume': 'admin',
}

/** HEAD is asked as GET is. */
export const policyOf = (method: string, path: string): Policy | undefined =>
  POLICIES[`${method === 'HEAD' ? 'GET' : method} ${path}`]
