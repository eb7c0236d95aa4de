export type Argument = string | number | Uint8Array
export type Command = readonly [name: string, ...args: Argument[]]

/**
 * Bulk strings come as Buffer, status replies as string, integers as number, nil as null, arrays as arrays.
 * A status that a script returns (`redis.status_reply`) cannot be told from a bulk string, and comes as Buffer.
 */
export type Reply = string | number | Buffer | null | readonly Reply[]

/** An error that Redis replied with: its code (`WRONGTYPE`) and all that it said. May hold keys: not for messages. */
export class ErrorReply {
  readonly code: string
  readonly text: string

  constructor(text: string) {
    this.text = text
    this.code = text.split(' ', 1)[0]!
  }
}

export type Answer = Reply | ErrorReply

/** A Lua script, sent by its SHA-1 and loaded where it is missing. */
export interface Script {
  readonly name: string
  readonly source: string
}

/** Commands for one node that travel together. */
export interface Exchange {
  readonly commands: readonly Command[]
  /** The slot is on its way to the node: ASKING goes before each command. */
  readonly asking: boolean
  /** Source of a script that the node lacks: loaded before the commands. */
  readonly load: string | undefined
  /** Whether the node's clock is wanted with the answers. */
  readonly timed: boolean
  /** When it is given up, on the scale of `performance.now()`. */
  readonly deadline: number
  /** How long it was given in all. */
  readonly timeoutMs: number
  /** Set once it has been answered, failed or given up: whatever comes later is dropped. */
  settled: boolean
  /** One answer per command, in order; `at` is the node's clock in epoch milliseconds when it was wanted. */
  answered(answers: readonly Answer[], at: number): void
  /** It was not sent, or nobody knows whether it was done. */
  failed(error: Error): void
}
