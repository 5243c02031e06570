// The tables, as Kysely sees them. Instants are integer ms, booleans 0/1, JSON is text, money that is booked is integer millionths.

import type { Generated } from 'kysely'

export type Tables = {
  runs: {
    run_id: string
    channel: string
    started_at: number
    ended_at: number | null
    state: 'running' | 'finished' | 'failed' | 'interrupted'
    seed: string
    symbol: string
    data_hash: string
    config_snapshot: string
    summary: string | null
    /** JSON of `RunFacts`. */
    facts: string | null
    /** Bars whose records are durable. */
    bars_done: number | null
    /** Event hash after the last of them. */
    progress_hash: string | null
  }
  config_snapshots: { snapshot_id: string; body: string }
  data_sets: {
    hash: string
    symbol: string
    bar_ms: number
    first_time: number
    last_time: number
    rows: number
    provenance: string
    source: string
    file: string
    report: string
    created_at: number
    head_at: number | null
  }
  data_partitions: { hash: string; symbol: string; month: string; sha256: string; rows: number }
  data_marks: { seq: Generated<number>; at: number; subject: string; mark: string; reason: string }
  training_runs: {
    training_id: string
    run_id: string | null
    symbol: string
    as_of: number
    status: 'released' | 'skipped' | 'failed'
    effective_rows: number | null
    rows: number | null
    release_id: string | null
    channel: string | null
    version: number | null
    manifest_sha256: string | null
    fault: string | null
    report: string
    number: number | null
    duration_ms: number | null
    /** JSON of `CurvePoint[]`. */
    curves: string | null
  }
  artifacts: { sha256: string; size: number; role: string | null; media_type: string }
  releases: {
    digest: string
    release_id: string
    channel: string
    version: number
    label: string
    state: string
    manifest: string
    first_seen: number
    evaluation: string
  }
  release_members: { digest: string; name: string; sha256: string }
  gate_results: {
    digest: string
    seq: Generated<number>
    at: number
    report_sha256: string
    report: string
    verdict: string
    decided_by: string | null
  }
  blocklist: { digest: string; at: number; code: string; reason: string }
  slot_events: {
    seq: number
    at: number
    slot: string
    event: string
    from_release: string | null
    to_release: string | null
    actor: string
    cause: string
    gate_report_sha256: string | null
    config_sha256: string
    code_version: string
    prev_hash: string
    hash: string
  }
  decisions: {
    run_id: string
    seq: number
    decision_id: string
    at: number
    symbol: string
    release_id: string
    feature_hash: string | null
    action: string
    confidence: number | null
    refusal: string | null
    explanation: string
  }
  orders: {
    run_id: string
    order_id: string
    decision_id: string
    symbol: string
    side: number
    quantity: number
    role: string
    type: string
    price: number | null
    created_at: number
    body: string
  }
  fills: {
    run_id: string
    trade_id: string
    order_id: string
    decision_id: string
    symbol: string
    side: number
    quantity: number
    role: string
    price: number
    slippage: number
    commission_micros: number
    at: number
  }
  outcomes: {
    run_id: string
    decision_id: string
    release_id: string
    symbol: string
    strategy: string
    side: number
    quantity: number
    entry: number
    exit: number
    entry_time: number
    exit_time: number
    exit_reason: string
    gross_micros: number
    costs_micros: number
    net_micros: number
    planned_loss_micros: number
    r: number
    origin: 'backtest' | 'paper' | 'live'
    provenance: string
  }
  equity_points: {
    run_id: string
    at: number
    equity_micros: number
    hold_micros: number | null
    previous_micros: number | null
  }
  events_outbox: { seq: Generated<number>; run_id: string; topic: string; at: number; body: string }
  risk_state: { seq: Generated<number>; run_id: string; at: number; state: string; cause: string }
  kill_events: {
    seq: Generated<number>
    run_id: string
    at: number
    action: 'halted' | 'paused' | 'resumed'
    actor: 'risk' | 'operator'
    reason: string
  }
  run_inputs: { run_id: string; seq: number; bar: number; body: string }
  ledger: {
    seq: number
    key: string
    at: number
    kind: string
    hypothesis: string
    subject: string
    actor: string
    config_sha256: string
    snapshot_id: string
    until: number
    body: string | null
    prev_hash: string
    hash: string
  }
  parameter_changes: {
    seq: Generated<number>
    at: number
    strategy_name: string
    strategy_key: string
    parameter_name: string
    /** JSON. */
    old_value: string
    new_value: string
    reason: string
    outcome_pnl: number | null
    was_correct: 0 | 1 | null
    market_snapshot_id: string | null
  }
  /** `answer` is JSON; null while the request is worked on. */
  idempotency_keys: { key_sha256: string; request_sha256: string; at: number; answer: string | null }
  cycles: { run_id: string; cycle: number; bar: number; body: string }
}
