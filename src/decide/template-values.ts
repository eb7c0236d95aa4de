import type { Action } from '../domain/catalogue.ts'
import { NOTHING_TOLD } from '../domain/run-time-state.ts'
import type { Situation } from '../domain/situation.ts'
import type { TemplateValues } from '../domain/template.ts'

/** What the templates of an action are filled with. */
export function makeTemplateValues({ catalogue, customer, request, runTime }: Situation) {
  return (action: Action): TemplateValues => ({
    customer: customer.attributes,
    context: request.context,
    action,
    live: runTime.state.live.get(action.id) ?? NOTHING_TOLD,
    currency: catalogue.currency,
  })
}
