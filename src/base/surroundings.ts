// What lies around this process, as a port for whoever looks it over: ports, places outside, walls around children.

export type Listener = {
  /** Where the system tells. */
  readonly pid?: number | undefined
  readonly name?: string | undefined
}

export interface Surroundings {
  /** Who listens on this port of the loopback address; undefined: nobody. */
  listener(port: number): Promise<Listener | undefined>
  /** Makes a connection and ends it. Fault: `HOST_UNREACHABLE`. */
  reach(host: string, port: number): Promise<void>
  /** Walls around processes with models of others, by name: whether each stands here. */
  walls(): Promise<Readonly<Record<string, boolean>>>
}

/** @example listenerWords({ pid: 12, name: 'node' }) // 'node, process 12' */
export const listenerWords = ({ pid, name }: Listener): string =>
  pid === undefined ? 'another program' : `${name ?? 'a program'}, process ${pid}`
