// The lock of a state directory that a running loop holds from its first bar to its last.

export const runLockOf = (directory: string): string => `${directory}/replay.lock`
