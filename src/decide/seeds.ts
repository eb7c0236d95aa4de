import type { Catalogue } from '../domain/catalogue.ts'
import type { DecisionRequest } from '../domain/decision-request.ts'
import { EXPERIMENTS } from '../domain/experiment.ts'
import type { Seeds } from '../domain/situation.ts'
import type { CustomerStore } from '../ports/customer-store.ts'
import { periodOf } from './arm.ts'

/**
 * What is left to chance is settled per person and day. A visitor without a name is told apart by his session, by the
 * request’s name, else is a new one each time; a dry-run must come out alike. Experiments are for customers and
 * sessions only: of anybody else nobody could say that he stays in his arm.
 */
export function makeSeeds(
  request: DecisionRequest,
  day: string,
  { experiments }: Catalogue,
  store: Pick<CustomerStore, 'person' | 'hmac'>,
  newVisitor: () => string,
): Seeds {
  const { customer, sessionId, requestId, mode } = request
  const visitor = () =>
    sessionId === undefined
      ? `request:${requestId ?? (mode === 'dry-run' ? '' : newVisitor())}`
      : `session:${sessionId}`
  const person = customer === undefined ? visitor() : store.person(customer).key
  const isSomebody = customer !== undefined || sessionId !== undefined
  const running = EXPERIMENTS.filter((name) => experiments[name].share > 0)
  return {
    placements: new Map(
      request.slates.map(({ placement }) => [placement, store.hmac(`${person}\n${placement}\n${day}`)]),
    ),
    // No placement is called nothing.
    day: store.hmac(`${person}\n\n${day}`),
    experiments: !isSomebody
      ? null
      : Object.fromEntries(
          running.map((name) => {
            const period = periodOf(experiments[name].rotate, day)
            return [name, store.hmac(`${person}\nexperiment ${name}\n${period}`)]
          }),
        ),
  }
}
