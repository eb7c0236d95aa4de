import type { AttributeType } from '../domain/attributes.ts'
import { RULE_ROOTS, type RuleRoot, type RuleScope } from '../domain/rule.ts'
import type { Reading } from './reading.ts'
import { type CatalogueNames, isMap } from './references/names.ts'
import { toTypes } from './to-types.ts'

type AttributeTypes = ReadonlyMap<string, AttributeType | 'mixed'>

/** What names mean in the rules of a document. Rules that may share a compiled form get the same scope object. */
export interface RuleScopes {
  /** For the rules of one action, by its own attributes. */
  ofAction(attributes: Readonly<Record<string, unknown>>): RuleScope
  ofGroup(id: string): RuleScope
  readonly ofAll: RuleScope
  readonly ofBlocks: RuleScope
}

const BLOCK_ROOTS: ReadonlySet<RuleRoot> = new Set(['customer', 'features', 'context', 'channel', 'now'])

export function ruleScopes(
  { document, written }: Reading,
  names: CatalogueNames,
  features: ReadonlySet<string> | null,
): RuleScopes {
  const base = {
    customer: toTypes(document.types.customer),
    context: toTypes(document.types.context),
    features,
    ids: {
      channel: names.channel.ids,
      placement: names.placement.ids,
      action: names.action.ids,
      group: names.group.ids,
    },
    roots: new Set(RULE_ROOTS),
  }
  const byAttributes = new Map<string, RuleScope>()
  const scope = (attributes: AttributeTypes): RuleScope => {
    const key = JSON.stringify([...attributes].sort(([a], [b]) => (a < b ? -1 : 1)))
    const made = byAttributes.get(key) ?? { ...base, attributes }
    byAttributes.set(key, made)
    return made
  }
  const { all, byGroup } = attributeTypes(written.actions)
  const ofAll = scope(all)
  const byOwn = new Map<string, RuleScope>()
  return {
    ofAll,
    ofBlocks: { ...base, attributes: new Map(), roots: BLOCK_ROOTS },
    ofGroup: (id) => scope(byGroup.get(id) ?? new Map()),
    ofAction: (attributes) => {
      const own = Object.entries(attributes)
        .filter(([name]) => all.get(name) === 'mixed')
        .map(([name, value]) => [name, typeOf(value)] as const)
      if (own.length === 0) return ofAll
      const key = JSON.stringify(own.sort(([a], [b]) => (a < b ? -1 : 1)))
      const made = byOwn.get(key) ?? scope(new Map([...all, ...own]))
      byOwn.set(key, made)
      return made
    },
  }
}

/** Types of attributes over all actions and by group, as written: also of actions that are at fault otherwise. */
function attributeTypes(actions: unknown) {
  const all = new Map<string, AttributeType | 'mixed'>()
  const byGroup = new Map<string, Map<string, AttributeType | 'mixed'>>()
  for (const action of Array.isArray(actions) ? (actions as unknown[]) : []) {
    if (!isMap(action) || !isMap(action.attributes)) continue
    const group = typeof action.group === 'string' ? (byGroup.get(action.group) ?? new Map()) : undefined
    if (group !== undefined) byGroup.set(action.group as string, group)
    for (const [name, value] of Object.entries(action.attributes)) {
      meet(all, name, typeOf(value))
      if (group !== undefined) meet(group, name, typeOf(value))
    }
  }
  return { all, byGroup }
}

function meet(
  types: Map<string, AttributeType | 'mixed'>,
  name: string,
  type: AttributeType | 'mixed',
): void {
  const before = types.get(name)
  types.set(name, before === undefined || before === type ? type : 'mixed')
}

function typeOf(value: unknown): AttributeType | 'mixed' {
  if (typeof value === 'number') return 'number'
  if (typeof value === 'string') return 'string'
  return typeof value === 'boolean' ? 'bool' : 'mixed'
}
