import {
  applyChanges,
  EMPTY_RUN_TIME_STATE,
  epochEnds,
  epochMayEnd,
  type RunTimePosition,
  type RunTimeState,
  stateToJson,
} from '../../domain/run-time-state.ts'
import type { CatalogueStore } from '../../ports/catalogue-store.ts'
import {
  BASE,
  CHANGE,
  CLOSED,
  type ClosedEpoch,
  changeToBytes,
  type EpochPointer,
  firstEpoch,
  isPosition,
  nextEpoch,
  POINTER,
  positionOf,
  REMOVED_AT_ONCE,
} from '../epoch-records.ts'
import { damaged, fromBytes, pack, toBytes, unpack } from '../records.ts'
import { BULK, bytesIn, bytesOfAll, listIn, READ } from './calls.ts'
import { type InTurn, untilNobodyComesBetween } from './compare-and-set.ts'
import type { Link } from './link.ts'
import type { Argument, Script } from './link-command.ts'
import { changesKey, epochKey, META } from './meta-keys.ts'

/**
 * Keys: place of the state, ends of epochs, changes of the epoch that takes them; then, where it opens, its state, and
 * what is removed. What the place is and what it shall be; the state ('' it does not open); how many numbers of epochs
 * follow, and whose end the first one is ('' none), the others are removed; and the changes. Answers with the place when it
 * is another, with nil when it has written.
 */
const CHANGE_RUN_TIME: Script = {
  name: 'change-run-time',
  source: `
    local place = redis.call('GET', KEYS[1]) or ''
    if place ~= ARGV[1] then return place end
    redis.call('SET', KEYS[1], ARGV[2])
    if ARGV[3] ~= '' then redis.call('SET', KEYS[4], ARGV[3]) end
    if ARGV[4] ~= '' then redis.call('HSET', KEYS[2], ARGV[4], ARGV[5]) end
    local removed = tonumber(ARGV[6])
    for i = 7, 6 + removed do redis.call('HDEL', KEYS[2], ARGV[i]) end
    for i = 5, #KEYS do redis.call('UNLINK', KEYS[i]) end
    for i = 7 + removed, #ARGV do redis.call('RPUSH', KEYS[3], ARGV[i]) end
    return false`,
}

/** A state and its position. */
interface Folded {
  readonly position: RunTimePosition
  readonly state: RunTimeState
}

/** How the changes are taken: the epoch, and what is written when it opens. */
interface Taking {
  readonly into: EpochPointer
  readonly opening: {
    readonly state: RunTimeState
    readonly closed: { readonly number: number; readonly end: ClosedEpoch } | null
    readonly leaving: readonly { readonly number: number; readonly epoch: string }[]
  } | null
  readonly folded: Folded | null
}

type RunTimeEpochs = Pick<CatalogueStore, 'runTimePosition' | 'runTimeState' | 'changeRunTime'>

/**
 * The run-time state: per epoch its whole state at the opening and a list of every change since. Epochs that closed more
 * than `keptFor` milliseconds ago are removed when another opens.
 */
export function makeRunTimeEpochs(link: Link, inTurn: InTurn, keptFor: number): RunTimeEpochs {
  /** A state that was folded here: later ones need only what was added since. */
  let known: Folded | null = null

  const readPlace = async () => bytesIn((await link.send(META.runTime, [['GET', META.runTime]], READ))[0])
  const pointerIn = (bytes: Buffer | undefined) => (bytes === undefined ? null : fromBytes(POINTER, bytes))

  /** The state at a position; null when it is not recorded. */
  const fold = async (position: RunTimePosition): Promise<Folded | null> => {
    const { epoch, revision } = position
    const usable = known?.position.epoch === epoch && known.position.revision <= revision ? known : null
    const from = usable?.position.revision ?? 0
    const [base, list] = await link.send(
      META.runTime,
      [
        usable === null ? ['GET', epochKey(epoch)] : ['EXISTS', epochKey(epoch)],
        from < revision
          ? ['LRANGE', changesKey(epoch), from, revision - 1]
          : ['LRANGE', changesKey(epoch), 1, 0],
      ],
      BULK,
    )
    if (base === null || base === 0) return null
    const before = usable?.state ?? (await unpack(BASE, bytesIn(base)!))
    const changes = bytesOfAll(list)
    if (changes.length < revision - from) return null
    return {
      position,
      state: applyChanges(
        before,
        changes.map((change) => fromBytes(CHANGE, change)),
      ),
    }
  }

  /** The state at a position that the store itself names. */
  const foldRecorded = async (pointer: EpochPointer): Promise<Folded> => {
    const folded = await fold(positionOf(pointer))
    if (folded === null) throw damaged(CHANGE.what)
    return folded
  }

  /** Epochs, oldest first, whose end is too long ago. */
  const outdated = async ({ oldest, number }: EpochPointer, at: number) => {
    const numbers = Array.from({ length: Math.min(REMOVED_AT_ONCE, number - oldest) }, (_, i) => oldest + i)
    if (numbers.length === 0) return []
    const [reply] = await link.send(META.closedEpochs, [['HMGET', META.closedEpochs, ...numbers]], READ)
    const ends = listIn(reply).map((end) => {
      const bytes = bytesIn(end)
      if (bytes === undefined) throw damaged(CLOSED.what)
      return fromBytes(CLOSED, bytes)
    })
    const isKept = ({ closedAt }: ClosedEpoch) => at - closedAt <= keptFor
    const kept = ends.findIndex(isKept)
    const leaving = kept < 0 ? ends : ends.slice(0, kept)
    return leaving.map(({ epoch }, i) => ({ number: oldest + i, epoch }))
  }

  const takingOf = async (before: EpochPointer | null, at: number): Promise<Taking> => {
    if (before === null) {
      const opening = { state: EMPTY_RUN_TIME_STATE, closed: null, leaving: [] }
      return { into: firstEpoch(at), opening, folded: null }
    }
    const { openedAt, revision, number, epoch } = before
    if (!epochMayEnd(openedAt, revision, at)) return { into: before, opening: null, folded: null }
    const folded = await foldRecorded(before)
    const { state } = folded
    if (!epochEnds(openedAt, revision, at, state)) return { into: before, opening: null, folded }
    const leaving = await outdated(before, at)
    const into = nextEpoch(before, state, at, leaving.length)
    const closed = { number, end: { epoch, revisions: revision, closedAt: at } }
    return { into, opening: { state, closed, leaving }, folded: { position: positionOf(into), state } }
  }

  /** Whether it was written; otherwise what the place is. */
  const write = async (
    place: Buffer | undefined,
    now: EpochPointer,
    { opening }: Taking,
    changes: Uint8Array[],
  ) => {
    const { closed = null, leaving = [] } = opening ?? {}
    const removed = leaving.flatMap(({ epoch }) => [epochKey(epoch), changesKey(epoch)])
    const keys = [META.runTime, META.closedEpochs, changesKey(now.epoch), epochKey(now.epoch), ...removed]
    const args: Argument[] = [
      place ?? '',
      toBytes(now),
      opening === null ? '' : await pack(stateToJson(opening.state)),
      ...(closed === null ? ['', ''] : [closed.number, toBytes(closed.end)]),
      leaving.length,
      ...leaving.map(({ number }) => number),
      ...changes,
    ]
    return bytesIn(
      await link.run(CHANGE_RUN_TIME, keys as [string, ...string[]], args, { ...BULK, durable: true }),
    )
  }

  return {
    async runTimePosition() {
      const pointer = pointerIn(await readPlace())
      return pointer === null ? null : positionOf(pointer)
    },
    async runTimeState(at) {
      if (at !== undefined) return isPosition(at) ? fold(at) : null
      const pointer = pointerIn(await readPlace())
      if (pointer === null) return { position: null, state: EMPTY_RUN_TIME_STATE }
      known = await foldRecorded(pointer)
      return known
    },
    async changeRunTime(changes) {
      const first = changes[0]
      if (first === undefined) throw new Error('a list of run-time changes is empty')
      const written = changes.map(changeToBytes)
      return inTurn(META.runTime, async () => {
        let place = await readPlace()
        return untilNobodyComesBetween('the run-time state', async () => {
          const taking = await takingOf(pointerIn(place), first.at)
          const now = { ...taking.into, revision: taking.into.revision + written.length }
          const found = await write(place, now, taking, written)
          if (found === undefined) {
            known = taking.folded ?? known
            return positionOf(now)
          }
          place = found.length === 0 ? undefined : found
          return null
        })
      })
    },
  }
}
