import * as z from 'zod'
import type { ContactFacts } from '../domain/contact.ts'
import { KINDS, TIERS } from '../domain/tier.ts'
import { fromBytes, type RecordKind } from './records.ts'

const factsSchema = z
  .tuple([
    z.string(),
    z.string().nullable(),
    z.string().nullable(),
    z.string().nullable(),
    z.enum(TIERS),
    z.enum(KINDS),
  ])
  .transform(
    ([channel, placement, action, group, tier, kind]): ContactFacts => ({
      channel,
      placement: placement ?? undefined,
      action: action ?? undefined,
      group: group ?? undefined,
      tier,
      kind,
    }),
  )

export const FACTS: RecordKind<ContactFacts> = { what: 'dictionary of contacts', parse: factsSchema.parse }

/** An entry of the dictionary of facts, without anything that could be written in two ways: equal facts, equal text. */
export function factsToText(facts: ContactFacts): string {
  return JSON.stringify(tupleOf(facts))
}

/** @throws EmmaError, see {@link fromBytes} */
export function factsFromBytes(bytes: Uint8Array): ContactFacts {
  return fromBytes(FACTS, bytes)
}

/** Numbers of facts. By identity first: what was read from the dictionary is found without spelling it out. */
export function makeFactNumbering() {
  const byIdentity = new Map<ContactFacts, number>()
  const byContent = new Map<string, number>()
  return {
    get: (facts: ContactFacts) => byIdentity.get(facts) ?? byContent.get(factsToText(facts)),
    set(facts: ContactFacts, number: number) {
      byIdentity.set(facts, number)
      byContent.set(factsToText(facts), number)
    },
  }
}

function tupleOf({
  channel,
  placement,
  action,
  group,
  tier,
  kind,
}: ContactFacts): z.input<typeof factsSchema> {
  return [channel, placement ?? null, action ?? null, group ?? null, tier, kind]
}
