// One hook measures every route.

import type { Instruments } from './instruments.ts'

const DURATIONS = [0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5]

export type RequestFacts = {
  readonly method: string
  /** Pattern of the route; unknown paths share one name. */
  readonly route: string
  readonly status: number
  readonly seconds: number
  /** Code of the refusal. */
  readonly code: string | undefined
}

export function requestMetrics({ counter, histogram }: Instruments): (request: RequestFacts) => void {
  const requests = counter('api_requests_total', 'requests answered', 'method', 'endpoint', 'status')
  const errors = counter('api_errors_total', 'requests refused, by code', 'code')
  const durations = histogram('api_request_duration_seconds', 'time to answer', DURATIONS, 'method', 'endpoint')
  return ({ method, route, status, seconds, code }) => {
    requests.inc({ method, endpoint: route, status })
    durations.observe({ method, endpoint: route }, seconds)
    if (code !== undefined) errors.inc({ code })
  }
}
