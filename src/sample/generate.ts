import type { SampleAction } from './actions.ts'
import { createAssortment } from './assortment.ts'
import { type Contact, drawContacts, menusOf } from './contacts.ts'
import { drawPerson, type Person } from './person.ts'
import { drawLines, type Line } from './purchases.ts'
import { createRandom } from './random.ts'
import { drawSituation, type Situation } from './situation.ts'

export interface SampleCustomer {
  readonly person: Person
  readonly situation: Situation
  readonly lines: readonly Line[]
  readonly contacts: readonly Contact[]
}

/** The whole sample, customer by customer. */
export type SampleShop = readonly SampleCustomer[]

const CUSTOMERS = 2000
/** When Emma's namesakes still stood behind their counters. */
const SEED = 1962
/** Streams of one customer: a change in how contacts are drawn leaves the orders alone. */
const STREAMS = 4

/** Makes up the shop's past: the same for the same actions, on every machine. No clock, no files. */
export function generateShop(actions: readonly SampleAction[]): SampleShop {
  const assortment = createAssortment(actions, createRandom(SEED, 0))
  const menus = menusOf(actions)
  return Array.from({ length: CUSTOMERS }, (_, index) => {
    const random = (stream: number) => createRandom(SEED, 1 + index * STREAMS + stream)
    const person = drawPerson(index, random(0))
    const lines = drawLines(person, assortment, random(1))
    const situation = drawSituation(person, lines, random(2))
    return { person, situation, lines, contacts: drawContacts(person, situation, menus, random(3)) }
  })
}
