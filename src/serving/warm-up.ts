import type { Decide } from '../decide/decide.ts'
import type { Catalogue } from '../domain/catalogue.ts'
import type { DecisionRequest } from '../domain/decision-request.ts'
import type { CustomerId, PlacementId } from '../domain/ids.ts'

/** Enough for what is hot to be compiled; more only takes longer. */
const ROUNDS = 40
const MOST_PLACEMENTS = 5
/** Nobody waits longer for a start, however large the catalogue. */
const LONGEST_MS = 500

/** Decides for nobody who is anybody, so that the first who asks does not wait for code that has never run. */
export async function warmUp(decide: Decide, { placements }: Catalogue, now: number): Promise<void> {
  const asked = [...placements.values()].slice(0, MOST_PLACEMENTS)
  const end = performance.now() + LONGEST_MS
  for (let round = 0; round < ROUNDS; round++) {
    for (const { id, channel } of asked) {
      if (performance.now() > end) return
      await decide(dryRun(id, channel, now))
    }
  }
}

function dryRun(placement: PlacementId, channel: DecisionRequest['channel'], at: number): DecisionRequest {
  return {
    requestId: undefined,
    customer: 'warm-up' as CustomerId,
    sessionId: undefined,
    channel,
    address: undefined,
    slates: [{ placement, limit: 3, kinds: undefined }],
    context: {},
    locale: undefined,
    include: undefined,
    exclude: [],
    mode: 'dry-run',
    at,
    contactAt: undefined,
    reserve: 'none',
    deadlineMs: 1_000,
    explain: 'none',
  }
}
