// Who decides in a backtest: rules, a release, the set in charge here, or each set while it was in charge (BT-01).

import { Fault, unwrap } from '../base/fault.ts'
import type { Bar } from '../market/bar.ts'
import { everTrusted } from '../release/keyring.ts'
import { handoversOf, inChargeAt } from '../serving/history.ts'
import { loadModelSet, type ModelSet } from '../serving/model-set.ts'
import { BASELINE_ID } from '../trading/baseline.ts'
import type { ModelsInCharge } from '../trading/models-in-charge.ts'
import { GENERAL_STRATEGIES } from '../trading/strategies/index.ts'
import type { GeneralStrategy } from '../trading/strategy.ts'
import { slotInUse } from './model-catalogue.ts'
import type { Ports, State } from './ports.ts'
import { fixedModels } from './set-lease.ts'
import { verifyingRing } from './signing-key.ts'
import { loadDirectory } from './verify-directory.ts'
import { documentShelf } from './views/release-documents.ts'
import { releaseFiles } from './views/release-files.ts'

/** What was asked to decide; nothing: the rules, with every general strategy. */
export type Asked = {
  /** A release directory. */
  readonly release?: string | undefined
  /** One general strategy alone. */
  readonly strategy?: string | undefined
  /** The brain of this state directory: its set in charge, or each of them while it was. */
  readonly brain?: 'now' | 'history' | undefined
}

export type Decider = {
  /** Release id, `baseline`, a strategy, or how many releases. */
  readonly name: string
  readonly models: ModelsInCharge
  readonly beforeBar?: (bar: Bar) => void
  readonly strategies: readonly GeneralStrategy<unknown>[]
  /** The set that decides at a time; undefined where the rules do. */
  readonly setAt: (timeMs: number) => ModelSet | undefined
  readonly sets: readonly ModelSet[]
}

const NAMES = GENERAL_STRATEGIES.map(({ name }) => name)

const ofSet = (set: ModelSet | undefined): Decider => ({
  name: set?.releaseId ?? BASELINE_ID,
  models: fixedModels(set, NAMES),
  strategies: GENERAL_STRATEGIES,
  setAt: () => set,
  sets: set === undefined ? [] : [set],
})

/** @throws Fault `STRATEGY_UNKNOWN` */
function ofStrategy(name: string): Decider {
  const strategy = GENERAL_STRATEGIES.find(each => each.name === name)
  if (strategy === undefined) {
    throw new Fault('STRATEGY_UNKNOWN', `there is no general strategy ${name}`, {
      place: '--strategy',
      fix: `choose one of ${NAMES.join(', ')}`,
    })
  }
  return { ...ofSet(undefined), name, models: fixedModels(undefined, [name]), strategies: [strategy] }
}

/** An installed or published release by its digest, every byte checked again. Faults: those of `releaseFiles` and `loadModelSet`. */
async function installedSet(digest: string, state: State, ports: Ports): Promise<ModelSet> {
  const { registry, directory } = state
  const row = (await registry.releases()).find(each => each.digest === digest)
  const { manifest } = await documentShelf(registry).of(digest)
  const found = row && (await releaseFiles(row, manifest, { ...ports, directory }))
  if (found?.release !== undefined) return unwrap(loadModelSet(found.release))
  throw new Fault('RELEASE_UNREADABLE', `release ${manifest.label} was in charge, and its files do not hold`, {
    place: digest,
    fix: `${found?.signature.fault ?? 'it is not in the registry'}; restore it from a backup, or name another with --release`,
  })
}

/** The set in charge of this state directory; undefined where the rules are. Faults: those of its files. */
export async function setInCharge(state: State, ports: Ports): Promise<ModelSet | undefined> {
  const { registry } = state
  const digest = (await registry.lastHandover(await slotInUse(registry)))?.to ?? null
  return digest === null ? undefined : installedSet(digest, state, ports)
}

async function ofHistory(state: State, ports: Ports): Promise<Decider> {
  const { registry } = state
  const handovers = handoversOf(await registry.events(), await slotInUse(registry))
  const sets = new Map<string, ModelSet>()
  for (const { to } of handovers) {
    if (to !== null && !sets.has(to)) sets.set(to, await installedSet(to, state, ports))
  }
  if (sets.size === 0) {
    throw new Fault('NO_HISTORY', 'no release was ever in charge here', {
      place: '--brain',
      fix: 'install one with ratchet sync, or let ratchet up make some',
    })
  }
  const leases = new Map([...sets].map(([digest, set]) => [digest, fixedModels(set, NAMES)]))
  const rules = fixedModels(undefined, NAMES)
  const digestAt = (timeMs: number) => inChargeAt(handovers, timeMs)?.to ?? ''
  let current = rules
  return {
    name: `${sets.size} release${sets.size === 1 ? '' : 's'}, each while it was in charge`,
    models: { lease: position => current.lease(position) },
    beforeBar: ({ knownAt }) => (current = leases.get(digestAt(knownAt)) ?? rules),
    strategies: GENERAL_STRATEGIES,
    setAt: timeMs => sets.get(digestAt(timeMs)),
    sets: [...sets.values()],
  }
}

/** Faults: `STRATEGY_UNKNOWN`, `NO_HISTORY`, those of a release that does not verify. */
export async function deciderOf({ release, strategy, brain }: Asked, state: State, ports: Ports): Promise<Decider> {
  if (release !== undefined) {
    const { trusted } = await verifyingRing(state.directory, ports)
    return ofSet(await loadDirectory(release, everTrusted(trusted), ports.disk))
  }
  if (strategy !== undefined) return ofStrategy(strategy)
  if (brain === 'history') return ofHistory(state, ports)
  return ofSet(brain === 'now' ? await setInCharge(state, ports) : undefined)
}
