import type { Decide } from '../decide/decide.ts'
import { requestFaults } from './request-faults.ts'
import { type DecisionReply, toDecisionReply } from './schemas/decision.ts'
import { decisionRequestSchema, toDecisionRequest } from './schemas/decision-request.ts'

export type { DecisionReply }

/** What `POST /v1/decisions` answers to a body, without a server. @throws EmmaError as the route does. */
export async function askOnce(decide: Decide, body: unknown): Promise<DecisionReply> {
  const parsed = decisionRequestSchema.safeParse(body, { reportInput: true })
  if (!parsed.success) throw requestFaults(parsed.error, 'body')
  const request = toDecisionRequest(parsed.data)
  return toDecisionReply(await decide(request), request)
}
