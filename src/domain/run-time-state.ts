import * as z from 'zod'
import { canonicalJson, type Json, sha256Hex } from './canonical-json.ts'

/** What is told of an action while a catalogue version serves. */
export interface ActionLive {
  /** Units left, a whole number from 0. */
  readonly stock?: number
  /** In the catalogue’s currency, from 0. */
  readonly price?: number
}

/** Of an action of which nothing was told. */
export const NOTHING_TOLD: ActionLive = {}

/** What rules and templates may say of it. */
export const LIVE_FIELDS = ['stock', 'price'] as const

/** What can be switched off at run time. */
export const SWITCH_KINDS = ['everything', 'channel', 'group', 'action'] as const
export type SwitchKind = (typeof SWITCH_KINDS)[number]

/** One switch; `id` is empty for `everything`. */
export interface Switch {
  readonly kind: SwitchKind
  readonly id: string
}

/** Run-time state beside the catalogue version: immutable. */
export interface RunTimeState {
  /** By action id; what was never told is not in it. */
  readonly live: ReadonlyMap<string, ActionLive>
  /** What is off: keys by {@link switchKey}, with the epoch milliseconds since when. */
  readonly off: ReadonlyMap<string, number>
}

export const EMPTY_RUN_TIME_STATE: RunTimeState = { live: new Map(), off: new Map() }

/** One change. `live` replaces all that is told of the action; null forgets it. */
export type RunTimeChange =
  | { readonly at: number; readonly action: string; readonly live: ActionLive | null }
  | { readonly at: number; readonly switch: Switch; readonly off: boolean }

/** Names one state for ever: the epoch's hash and the number of changes since it opened. */
export interface RunTimePosition {
  readonly epoch: string
  readonly revision: number
}

/** What an epoch is at least: milliseconds long, and changes rich. */
export const EPOCH_AT_LEAST = { milliseconds: 10_000, changes: 16 } as const

const liveSchema = z.strictObject({
  stock: z.int().nonnegative().exactOptional(),
  price: z.number().nonnegative().exactOptional(),
}) satisfies z.ZodType<ActionLive>

const switchSchema = z.strictObject({ kind: z.enum(SWITCH_KINDS), id: z.string() })

/** A change as JSON is the change itself. */
export const runTimeChangeSchema = z.union([
  z.strictObject({ at: z.int(), action: z.string(), live: liveSchema.nullable() }),
  z.strictObject({ at: z.int(), switch: switchSchema, off: z.boolean() }),
]) satisfies z.ZodType<RunTimeChange>

// Pairs, not objects: an action may be called `__proto__`.
const stateSchema = z.strictObject({
  live: z.array(z.tuple([z.string(), liveSchema])),
  off: z.array(z.tuple([z.string(), z.int()])),
})

/** Names a switch among all others: `everything`, `channel:web`, `group:shoes`, `action:boots`. */
export function switchKey({ kind, id }: Switch): string {
  return kind === 'everything' ? kind : `${kind}:${id}`
}

/** The state after one change more. */
export function applyChange(state: RunTimeState, change: RunTimeChange): RunTimeState {
  return applyChanges(state, [change])
}

/** The state after all the changes, in their order; costs one copy of the state however many they are. */
export function applyChanges(state: RunTimeState, changes: readonly RunTimeChange[]): RunTimeState {
  if (changes.length === 0) return state
  const live = new Map(state.live)
  const off = new Map(state.off)
  for (const change of changes) {
    if ('action' in change) {
      if (change.live === null) live.delete(change.action)
      else live.set(change.action, change.live)
    } else {
      const key = switchKey(change.switch)
      if (!change.off) off.delete(key)
      // What is off already has been off since then.
      else if (!off.has(key)) off.set(key, change.at)
    }
  }
  return { live, off }
}

/** How many things are told of: the size of the state. */
export function entriesOf({ live, off }: RunTimeState): number {
  return live.size + off.size
}

/** Pairs sorted by code unit, so that equal states give equal bytes. */
export function stateToJson({ live, off }: RunTimeState): Json {
  // Spread, because an interface is no JSON object by its type.
  return { live: sortedPairs(live).map(([id, told]) => [id, { ...told }]), off: sortedPairs(off) }
}

/** @throws ZodError for anything that {@link stateToJson} does not write */
export function stateFromJson(json: unknown): RunTimeState {
  const { live, off } = stateSchema.parse(json)
  return { live: new Map(live), off: new Map(off) }
}

/**
 * The name of the epoch that opens at `openedAt` (epoch milliseconds) with this state: 16 hex digits. The moment is part
 * of it, so that the same state at another time is another epoch.
 */
export function epochOf(state: RunTimeState, openedAt: number): string {
  return sha256Hex(canonicalJson({ openedAt, state: stateToJson(state) })).slice(0, 16)
}

/**
 * Whether the next change, at `at`, may open an epoch, as far as is known without the state. A clock that went far ahead
 * and back again must not keep an epoch open for ever.
 */
export function epochMayEnd(openedAt: number, revision: number, at: number): boolean {
  return Math.abs(at - openedAt) >= EPOCH_AT_LEAST.milliseconds && revision >= EPOCH_AT_LEAST.changes
}

/** Whether it does, with the state before that change: recording stays proportional to change. */
export function epochEnds(openedAt: number, revision: number, at: number, state: RunTimeState): boolean {
  return epochMayEnd(openedAt, revision, at) && revision >= entriesOf(state)
}

function sortedPairs<Value>(map: ReadonlyMap<string, Value>): [string, Value][] {
  return [...map].sort(([a], [b]) => (a < b ? -1 : 1))
}
