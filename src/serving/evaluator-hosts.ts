// The port to processes in which graphs run that are too large for our own evaluator (SRV-31): two of them in turn, so that the models
// of a candidate are loaded where nobody decides.

import type { Outcome } from '../base/fault.ts'
import type { Evaluator } from '../onnx/model.ts'

export type HostedGraph = Omit<Evaluator, 'run'> & { readonly bytes: Uint8Array }

export type Hosted = {
  /**
   * Role -> evaluator. Its `run` blocks, for one row never longer than the deadline, and throws a `Fault` where there is no answer:
   * `INFERENCE_LATE`, `INFERENCE_FAILED`. Whoever decides abstains then.
   */
  readonly roles: ReadonlyMap<string, Evaluator>
  /** Ends the sessions; nothing may be asked after it. Again is fine. */
  release(): void
}

export interface EvaluatorHosts {
  /** Refusals: `HOST_LOAD_FAILED` naming the role, `HOST_UNAVAILABLE` where no process can be had. */
  open(graphs: ReadonlyMap<string, HostedGraph>): Promise<Outcome<Hosted>>
  close(): Promise<void>
}
