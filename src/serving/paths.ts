// Where the serving room keeps things under the state directory (CFG-10).

export type StatePaths = {
  readonly root: string
  readonly state: string
  readonly lock: string
  readonly boot: string
  readonly rollback: string
  readonly highWater: string
  readonly store: string
  readonly envelopes: string
  readonly models: string
  readonly staging: string
  readonly backups: string
  /** CURRENT of a slot: the only truth about what is active (SRV-02). */
  readonly current: (slot: string) => string
}

/** @example statePaths('.ratchet').current('main') // '.ratchet/state/CURRENT' */
export function statePaths(root: string): StatePaths {
  return Object.freeze({
    root,
    state: `${root}/state`,
    lock: `${root}/state/lock`,
    boot: `${root}/state/boot.json`,
    rollback: `${root}/state/rollback.json`,
    highWater: `${root}/state/hwm.json`,
    store: `${root}/store/cas`,
    envelopes: `${root}/store/envelopes`,
    models: `${root}/models`,
    staging: `${root}/models/.staging`,
    backups: `${root}/models/backup`,
    current: (slot: string) => (slot === 'main' ? `${root}/state/CURRENT` : `${root}/state/CURRENT.${slot}`),
  })
}
