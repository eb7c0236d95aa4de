import type { Catalogue } from '../domain/catalogue.ts'
import { EmmaError, type ErrorCode, type Fault } from '../domain/errors.ts'
import type { ActionId } from '../domain/ids.ts'
import type { RunTime } from '../domain/run-time.ts'
import {
  type ActionLive,
  type RunTimeChange,
  type RunTimeState,
  type SwitchKind,
  switchKey,
} from '../domain/run-time-state.ts'
import type { CatalogueStore } from '../ports/catalogue-store.ts'
import type { Clock } from '../ports/clock.ts'

/** Switches as they are told: what is not named stays as it is. */
export interface WantedSwitches {
  readonly everything?: OnOff | undefined
  readonly channels?: Readonly<Record<string, OnOff>> | undefined
  readonly groups?: Readonly<Record<string, OnOff>> | undefined
  readonly actions?: Readonly<Record<string, OnOff>> | undefined
}
export type OnOff = 'on' | 'off'

/** Stock, prices and switches: told at run time, effective at once in this process and within a second in all. */
export interface RunTimeControl {
  /** What serves now. */
  now(): RunTime
  /** Replaces all that is told of an action; nothing told forgets it. @throws EmmaError `unknown_action` */
  tellLive(action: string, live: ActionLive): Promise<RunTime>
  /** @throws EmmaError with every id that is not in the catalogue; nothing is switched then */
  setSwitches(wanted: WantedSwitches): Promise<RunTime>
  /** @throws EmmaError `unknown_action` */
  liveOf(action: string): ActionLive
}

export interface RunTimeParts {
  readonly store: CatalogueStore
  readonly serving: () => { readonly catalogue: Catalogue; readonly runTime: RunTime }
  /** Makes what serves equal to what the store says: the run-time state alone, or everything. */
  readonly refresh: (what?: 'runTime') => Promise<void>
  readonly clock: Clock
}

export function makeRunTimeControl({ store, serving, refresh, clock }: RunTimeParts): RunTimeControl {
  const record = async (changes: readonly RunTimeChange[]): Promise<RunTime> => {
    if (changes.length > 0) await store.changeRunTime(changes)
    await refresh('runTime')
    return serving().runTime
  }
  /** Throws if there are faults still when what another process may just have published is known too. */
  const mustBeKnown = async (faults: () => readonly CodedFault[]): Promise<void> => {
    if (faults().length === 0) return
    await refresh()
    const [first, ...others] = faults()
    if (first !== undefined)
      throw new EmmaError(
        first.code,
        [first, ...others].map(({ fault }) => fault),
      )
  }
  return {
    now: () => serving().runTime,
    async tellLive(action, live) {
      const forgets = Object.keys(live).length === 0
      await mustBeKnown(() => unknownAction(action, serving(), forgets))
      return record([{ at: clock(), action, live: forgets ? null : live }])
    },
    async setSwitches(wanted) {
      const switched = switchesOf(wanted)
      await mustBeKnown(() => {
        const served = serving()
        const ids = idsOf(served.catalogue)
        return switched.flatMap((one) => unknownId(one, ids, served.runTime.state))
      })
      // From the store: what is only believed to be off already would stay on.
      const off = (await store.runTimeState())?.state.off
      const at = clock()
      return record(
        switched
          .filter((one) => off?.has(switchKey(one)) !== one.off)
          .map(({ kind, id, off }) => ({ at, switch: { kind, id }, off })),
      )
    },
    liveOf(action) {
      const [unknown] = unknownAction(action, serving(), true)
      if (unknown !== undefined) throw new EmmaError(unknown.code, [unknown.fault])
      return serving().runTime.state.live.get(action) ?? {}
    },
  }
}

type Served = ReturnType<RunTimeParts['serving']>

interface CodedFault {
  readonly code: ErrorCode
  readonly fault: Fault
}

interface Switched {
  readonly kind: SwitchKind
  readonly id: string
  readonly off: boolean
}

function switchesOf({ everything, channels, groups, actions }: WantedSwitches): Switched[] {
  const of = (kind: SwitchKind, wanted: Readonly<Record<string, OnOff>> = {}) =>
    Object.entries(wanted).map(([id, state]): Switched => ({ kind, id, off: state === 'off' }))
  const all =
    everything === undefined ? [] : [{ kind: 'everything' as const, id: '', off: everything === 'off' }]
  return [...all, ...of('channel', channels), ...of('group', groups), ...of('action', actions)]
}

/** What was told of an action that a newer version no longer has may still be read and forgotten. */
function unknownAction(id: string, { catalogue, runTime }: Served, isTold: boolean): CodedFault[] {
  if (catalogue.positionOf.has(id as ActionId)) return []
  if (isTold && runTime.state.live.has(id)) return []
  const what = 'this action is not in the catalogue'
  return [{ code: 'unknown_action', fault: { place: '/id', what, remedy: 'check the id' } }]
}

/** What an older version left switched off may be switched on though its id is gone. */
function unknownId({ kind, id, off }: Switched, ids: Ids, state: RunTimeState): CodedFault[] {
  if (kind === 'everything' || ids[kind].has(id)) return []
  if (!off && state.off.has(switchKey({ kind, id }))) return []
  const fault = {
    place: `/${kind}s/${id.slice(0, 128).replaceAll('~', '~0').replaceAll('/', '~1')}`,
    what: `this ${kind} is not in the catalogue`,
    remedy: 'check the id, or leave it out',
  }
  return [{ code: `unknown_${kind}`, fault }]
}

type Ids = Readonly<Record<Exclude<SwitchKind, 'everything'>, Pick<ReadonlySet<string>, 'has'>>>

function idsOf({ channels, actions, positionOf }: Catalogue): Ids {
  return {
    channel: channels as ReadonlyMap<string, unknown>,
    group: new Set(actions.flatMap(({ group }) => group ?? [])),
    action: positionOf as ReadonlyMap<string, unknown>,
  }
}
