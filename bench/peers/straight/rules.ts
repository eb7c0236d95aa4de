import { Environment } from '@marcbachmann/cel-js'
import type { Action } from './catalogue.ts'
import type { Profile } from './profile.ts'

const environment = new Environment()
  .registerVariable('customer', 'map')
  // Declared, so that comparing is worked out when a rule is checked.
  .registerVariable('features', 'map<string, double>')

/** Parses and checks every rule once. @returns whether the rule of an action holds for a customer */
export function parseRules(actions: readonly Action[]) {
  const rules = actions.map(({ rule }) => parse(rule))
  return ({ attributes, features }: Profile) => {
    const given = { customer: attributes, features }
    return ({ position }: Action): boolean => {
      try {
        return rules[position]!(given) === true
      } catch {
        // A field that is missing: nobody gets an action on the strength of what is not known.
        return false
      }
    }
  }
}

function parse(rule: string) {
  const parsed = environment.parse(rule)
  const { valid, error } = parsed.check()
  if (!valid) throw new Error(`${rule}: ${error?.message}`)
  return parsed
}
