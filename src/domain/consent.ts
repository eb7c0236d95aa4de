/** The purpose under which a customer’s data choose what he sees; every catalogue has it. */
export const PERSONALISATION = 'personalisation'

/** One thing that a person has agreed to or refused. */
export interface ConsentStatement {
  /** Null: whatever the purpose, as far as one can object to it. */
  readonly purpose: string | null
  /** Null: on all channels. */
  readonly channel: string | null
  /** Key of the address it belongs to, never the address itself; null: whatever the address. */
  readonly address: string | null
  readonly state: 'granted' | 'refused'
  /** When it was made, epoch milliseconds; null when nobody knows. */
  readonly at: number | null
  /** When it was told, epoch milliseconds: it was made no later. */
  readonly toldAt: number
}
