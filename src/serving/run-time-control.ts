import type { Catalogue } from '../domain/catalogue.ts'
import { EmmaError, type ErrorCode, type Fault, failure } from '../domain/errors.ts'
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
  /** Replaces all that is told of an action. @throws EmmaError `unknown_action` */
  tellLive(action: string, live: ActionLive): Promise<RunTime>
  /** @throws EmmaError with every id that is not in the catalogue; nothing is switched then */
  setSwitches(wanted: WantedSwitches): Promise<RunTime>
  /** @throws EmmaError `unknown_action` */
  liveOf(action: string): ActionLive
}

export interface RunTimeParts {
  readonly store: CatalogueStore
  readonly serving: () => { readonly catalogue: Catalogue; readonly runTime: RunTime }
  readonly refresh: () => Promise<void>
  readonly clock: Clock
}

export function makeRunTimeControl({ store, serving, refresh, clock }: RunTimeParts): RunTimeControl {
  const record = async (changes: readonly RunTimeChange[]): Promise<RunTime> => {
    if (changes.length > 0) await store.changeRunTime(changes)
    await refresh()
    return serving().runTime
  }
  const checkAction = (action: string) => {
    if (serving().catalogue.positionOf.has(action as never)) return
    throw failure('unknown_action', '/id', 'this action is not in the catalogue', 'check the id')
  }
  return {
    now: () => serving().runTime,
    async tellLive(action, live) {
      checkAction(action)
      const told = Object.keys(live).length === 0 ? null : live
      return record([{ at: clock(), action, live: told }])
    },
    async setSwitches(wanted) {
      await refresh()
      const { catalogue, runTime } = serving()
      const switched = switchesOf(wanted)
      const faults = switched.flatMap((one) => unknownId(one, catalogue, runTime.state))
      if (faults.length > 0) throw new EmmaError(faults[0]!.code, faults)
      const at = clock()
      return record(
        switched
          .filter(({ kind, id, off }) => runTime.state.off.has(switchKey({ kind, id })) !== off)
          .map(({ kind, id, off }) => ({ at, switch: { kind, id }, off })),
      )
    },
    liveOf(action) {
      checkAction(action)
      return serving().runTime.state.live.get(action) ?? {}
    },
  }
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

/** What an older version left switched off may be switched on though its id is gone. */
function unknownId(
  { kind, id, off }: Switched,
  catalogue: Catalogue,
  state: RunTimeState,
): (Fault & { readonly code: ErrorCode })[] {
  if (kind === 'everything' || IDS[kind](catalogue).has(id)) return []
  if (!off && state.off.has(switchKey({ kind, id }))) return []
  return [
    {
      code: `unknown_${kind}`,
      place: `/${kind}s/${id.slice(0, 128).replaceAll('~', '~0').replaceAll('/', '~1')}`,
      what: `this ${kind} is not in the catalogue`,
      remedy: 'check the id, or leave it out',
    },
  ]
}

const IDS: Readonly<
  Record<Exclude<SwitchKind, 'everything'>, (catalogue: Catalogue) => Pick<ReadonlySet<string>, 'has'>>
> = {
  channel: ({ channels }) => channels as ReadonlyMap<string, unknown>,
  group: ({ actions }) => new Set(actions.flatMap(({ group }) => group ?? [])),
  action: ({ positionOf }) => positionOf as ReadonlyMap<string, unknown>,
}
