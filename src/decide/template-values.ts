import type { Action } from '../domain/catalogue.ts'
import { NOTHING_TOLD } from '../domain/run-time-state.ts'
import type { Situation } from '../domain/situation.ts'
import type { TemplateValues } from '../domain/template.ts'

/**
 * What the templates of an action are filled with. It is one object that is set for each action anew, so that a thousand
 * candidates make none: it is to be used before the next action is asked for.
 */
export function makeTemplateValues({ catalogue, customer, request, runTime }: Situation) {
  const { live } = runTime.state
  const values = {
    customer: customer.attributes,
    context: request.context,
    action: undefined as unknown as Action,
    live: NOTHING_TOLD,
    currency: catalogue.currency,
  }
  return (action: Action): TemplateValues => {
    values.action = action
    values.live = live.get(action.id) ?? NOTHING_TOLD
    return values
  }
}
