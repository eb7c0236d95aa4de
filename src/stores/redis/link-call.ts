import { performance } from 'node:perf_hooks'
import type { RedisAddress } from '../../domain/redis-url.ts'
import {
  type Answer,
  type Command,
  ErrorReply,
  type Exchange,
  type Reply,
  type Script,
} from './link-command.ts'
import { linkClosed, notAnswering, refused } from './link-failures.ts'
import type { LinkNode } from './link-node.ts'
import type { Routes } from './link-routes.ts'

export interface Outcome {
  readonly replies: readonly Reply[]
  readonly at: number
}

export interface CallSettings {
  readonly routes: Routes
  readonly slot: number
  readonly commands: readonly Command[]
  /** The script that the (one) command runs, if it does. */
  readonly script: Script | undefined
  readonly timed: boolean
  readonly durable: boolean
  readonly timeoutMs: number
  /** On the scale of `performance.now()`. */
  readonly deadline: number
  resolve(outcome: Outcome): void
  reject(error: Error): void
}

/** What Redis says of a command that it has not done, and that may therefore be sent again. */
const SENT_AGAIN = new Set(['MOVED', 'ASK', 'TRYAGAIN', 'CLUSTERDOWN', 'NOSCRIPT'])
const WAIT_MS = 3
/** A slot can be sent on from node to node while it moves; more than that is a circle. */
const MOST_ROUNDS = 16
/** Without a majority, or during a failover that takes seconds: longer than a call may last. */
const MOST_CLUSTER_DOWN = 2

/** One call on its way: to the master of its slot and, as long as nothing was done there, on to where it is sent. */
export class LinkCall implements Exchange {
  readonly timed: boolean
  readonly deadline: number
  readonly timeoutMs: number
  commands: readonly Command[]
  asking = false
  load: string | undefined
  settled = false
  readonly #settings: CallSettings
  #replies: Reply[] | undefined
  /** Which of the call's commands are under way; all of them at first. */
  #places: readonly number[] | undefined
  #rounds = 0
  #clusterDown = 0
  /** The node that a reply named, when it is not that of the slot. */
  #sentTo: LinkNode | undefined

  constructor(settings: CallSettings) {
    this.#settings = settings
    this.commands = settings.commands
    this.timed = settings.timed
    this.deadline = settings.deadline
    this.timeoutMs = settings.timeoutMs
  }

  /** Sends what is still to be done to a node; that of the slot by default. */
  send(node?: LinkNode): void {
    const { routes, slot, durable } = this.#settings
    const target = node ?? routes.nodeOf(slot)
    if (target !== undefined) {
      const connection = durable ? target.durable! : target.plain
      this.settled = false
      connection.add(this)
    } else if (routes.isStarting() && performance.now() < this.deadline) this.#later()
    else this.failed(notAnswering(routes.name, routes.reason()))
  }

  answered(answers: readonly Answer[], at: number): void {
    if (this.#places === undefined && !answers.some((answer) => answer instanceof ErrorReply)) {
      this.#settings.resolve({ replies: answers as readonly Reply[], at })
      return
    }
    this.#sort(answers, at)
  }

  failed(error: Error): void {
    this.#settings.routes.doubt()
    this.#settings.reject(error)
  }

  /** Keeps what was done, refuses what was refused, and sends on what was sent elsewhere. */
  #sort(answers: readonly Answer[], at: number): void {
    const { script, commands } = this.#settings
    const places = this.#places ?? commands.map((_, place) => place)
    this.#replies ??= []
    const again: number[] = []
    const undone: ErrorReply[] = []
    let refusal: ErrorReply | undefined
    for (const [index, answer] of answers.entries()) {
      const place = places[index]!
      if (!(answer instanceof ErrorReply)) this.#replies[place] = answer
      else if (!SENT_AGAIN.has(answer.code)) refusal ??= answer
      else {
        undone.push(answer)
        again.push(place)
      }
    }
    this.#places = again
    this.commands = again.map((place) => commands[place]!)
    this.#rounds += 1
    const isLate = this.#rounds > MOST_ROUNDS || performance.now() >= this.deadline
    if (refusal === undefined && undone.length === 0) this.#settings.resolve({ replies: this.#replies, at })
    else if (refusal !== undefined || isLate || !this.#sendOn(undone[0]!)) {
      this.#settings.reject(refused(refusal ?? undone[0]!, script?.name))
    }
  }

  /** Sends what was not done where the reply says, or again; false when there is no sense in that. */
  #sendOn({ code, text }: ErrorReply): boolean {
    const { routes, slot, script } = this.#settings
    if (code === 'NOSCRIPT') {
      if (script === undefined || this.load !== undefined) return false
      this.load = script.source
      this.send(this.#sentTo)
      return true
    }
    this.load = undefined
    this.asking = false
    this.#sentTo = undefined
    if (code === 'MOVED' || code === 'ASK') {
      const address = addressIn(text, routes.nodeOf(slot))
      if (address === undefined) return false
      this.#sentTo = routes.nodeAt(address)
      if (code === 'MOVED') routes.learn(slot, this.#sentTo)
      else this.asking = true
      this.send(this.#sentTo)
      return true
    }
    if (code === 'CLUSTERDOWN') {
      routes.doubt()
      this.#clusterDown += 1
      if (this.#clusterDown > MOST_CLUSTER_DOWN) return false
    }
    this.#later()
    return true
  }

  #later(): void {
    const { routes, reject } = this.#settings
    setTimeout(() => {
      if (routes.isClosed()) reject(linkClosed())
      else this.send()
    }, WAIT_MS)
  }
}

/** `MOVED 3999 127.0.0.1:6381`; without a host it is the one that answered. */
function addressIn(text: string, node: LinkNode | undefined): RedisAddress | undefined {
  const parts = /^\w+ \d+ (.*):(\d+)$/.exec(text)
  if (parts === null) return undefined
  const host = parts[1] === '' ? node?.name.slice(0, node.name.lastIndexOf(':')) : parts[1]
  return host === undefined ? undefined : { host, port: Number(parts[2]) }
}
