import { randomUUID } from 'node:crypto'
import type { Redis } from 'ioredis'
import { count, isUncapped, seenIn, seenKeys } from './caps.ts'
import { type Action, actions, SILENCE_MS, VERSIONS } from './catalogue.ts'
import { choose, type Scored } from './choose.ts'
import { type Profile, profileKey } from './profile.ts'
import { parseRules } from './rules.ts'
import type { DecisionReply, DecisionRequest } from './schemas.ts'
import { openScorer } from './score.ts'

const VALID_FOR_MS = 30 * 60_000
export const LOG = 'decisions'
/** About so many decisions are kept in the log. */
const LOG_LENGTH = 100_000

/** Reads, judges, scores, chooses, counts and logs; two round trips to Redis. */
export async function makeDecide(redis: Redis) {
  const rulesFor = parseRules(actions)
  const score = await openScorer()

  return async (request: DecisionRequest): Promise<DecisionReply> => {
    const now = Date.now()
    const customer = request.customer.id
    const session = request.sessionId
    const keys = [profileKey(customer), ...seenKeys(customer, session)]
    const [document = null, ...seenBefore] = await redis.mget(keys)
    const profile = document === null ? null : (JSON.parse(document) as Profile)
    const seen = seenIn(seenBefore)

    const candidates = profile === null ? [] : permitted(profile)
    const propensities = candidates.length === 0 ? [] : await score(profile!.features, candidates)
    const scored = candidates.map((action, i): Scored => {
      const propensity = propensities[i]!
      return { action, propensity, priority: propensity * action.value }
    })
    const placement = request.placements[0]!
    const chosen = choose(scored, placement.limit, seen)

    const reply: DecisionReply = {
      decisionId: randomUUID(),
      validUntil: new Date(now + VALID_FOR_MS).toISOString(),
      placements: [
        {
          id: placement.id,
          status: statusOf(chosen.length, placement.limit),
          items: chosen.map((item, i) => toItem(item, i + 1, profile!)),
        },
      ],
      versions: VERSIONS,
    }
    await write()
    return reply

    function permitted(profile: Profile): Action[] {
      const holds = rulesFor(profile)
      return actions.filter(
        (action) =>
          profile.consents[action.purpose]?.state === 'granted' &&
          !isSilenced(profile.rejected[action.id]) &&
          isUncapped(action, seen) &&
          holds(action),
      )
    }

    function isSilenced(rejectedAt: string | undefined): boolean {
      return rejectedAt !== undefined && now - Date.parse(rejectedAt) < SILENCE_MS
    }

    async function write(): Promise<void> {
      const record = {
        decisionId: reply.decisionId,
        at: now,
        customer,
        sessionId: session,
        channel: request.channel,
        placement: placement.id,
        context: request.context,
        scored: scored.length,
        items: chosen.map(({ action, ...told }) => ({ actionId: action.id, ...told })),
        versions: VERSIONS,
      }
      const pipeline = redis.pipeline()
      count(
        chosen.map(({ action }) => action),
        { customer, session, seen },
        pipeline,
      )
      pipeline.xadd(LOG, 'MAXLEN', '~', LOG_LENGTH, '*', 'decision', JSON.stringify(record))
      for (const [error] of (await pipeline.exec())!) if (error !== null) throw error
    }
  }
}

function statusOf(items: number, limit: number) {
  if (items === 0) return 'empty'
  return items < limit ? 'partial' : 'filled'
}

function toItem({ action, propensity, priority }: Scored, rank: number, { attributes }: Profile) {
  const { id, treatmentId, content } = action
  const values: Record<string, string | number> = {
    'customer.firstName': attributes.firstName,
    'action.price': action.attributes.price,
  }
  const filled = (text: string) =>
    text.replace(/\{\{ ([\w.]+) \}\}/g, (_, name: string) => `${values[name] ?? ''}`)
  return {
    rank,
    actionId: id,
    treatmentId,
    content: { ...content, headline: filled(content.headline), text: filled(content.text) },
    propensity,
    priority,
  }
}
