import type { Lever } from '../domain/arbitration.ts'
import { type Action, POLICY_LEVELS, type PolicyRule, type Treatment } from '../domain/catalogue.ts'
import type { ActionId, PlacementId, TreatmentId } from '../domain/ids.ts'
import { lotOf } from '../domain/lot.ts'
import type { RuleScope } from '../domain/rule.ts'
import type { Steps } from '../domain/steps.ts'
import { toLevers } from './choosing.ts'
import type { RuleCompiler } from './compile-rules.ts'
import type { contentCompiler } from './content.ts'
import type { CatalogueDocument } from './document.ts'
import type { RuleScopes } from './rule-scopes.ts'
import type { Path } from './set-aside.ts'

export interface ActionSources {
  readonly document: CatalogueDocument
  readonly scopes: RuleScopes
  readonly compiler: RuleCompiler
  readonly content: ReturnType<typeof contentCompiler>
}

type WrittenAction = CatalogueDocument['actions'][number]
type WrittenGroup = CatalogueDocument['groups'][number]

/** What the actions of a group inherit. */
interface Inherited {
  readonly policy: readonly PolicyRule[]
  readonly purpose: string | undefined
  readonly levers: readonly Lever[]
}

/** All actions by id, in the order of the version’s hash: what is written elsewhere in the file is no other catalogue. */
export function* toActions(sources: ActionSources): Steps<Action[]> {
  const { document, scopes, compiler } = sources
  const groups = new Map(
    document.groups.map((group, i): [string, Inherited] => {
      const policy = toPolicy(group, group.id, scopes.ofGroup(group.id), ['groups', i], compiler)
      return [
        group.id,
        { policy, purpose: group.purpose, levers: toLevers(`group ${group.id}`, group.lever) },
      ]
    }),
  )
  const actions: Action[] = []
  for (const [i, action] of document.actions.entries()) {
    actions.push(toAction(action, ['actions', i], groups.get(action.group ?? ''), sources))
    yield
  }
  return actions.sort((a, b) => (a.id < b.id ? -1 : 1))
}

function toAction(
  written: WrittenAction,
  path: Path,
  inherited: Inherited | undefined,
  { scopes, compiler, content }: ActionSources,
): Action {
  const scope = scopes.ofAction(written.attributes)
  const own = toPolicy(written, undefined, scope, path, compiler)
  const { value, claims } = written
  if (claims !== undefined) compiler.syntax(claims, [...path, 'claims'])
  const { from, to } = written.validity ?? {}
  return {
    id: written.id as ActionId,
    lot: lotOf(written.id),
    active: written.status === 'active',
    kind: written.kind,
    tier: written.tier,
    group: written.group,
    value: typeof value === 'number' ? value : 1,
    valueRule: typeof value === 'number' ? undefined : compiler.quantity(value, scope, [...path, 'value']),
    levers: [...(inherited?.levers ?? []), ...toLevers(`action ${written.id}`, written.lever)],
    minPropensity: written.minPropensity,
    validFrom: from === undefined ? Number.NEGATIVE_INFINITY : Date.parse(from),
    validTo: to === undefined ? Number.POSITIVE_INFINITY : Date.parse(to),
    attributes: written.attributes,
    policy: [...(inherited?.policy ?? []), ...own],
    purpose: written.purpose ?? inherited?.purpose,
    treatments: written.treatments.map((treatment, j) =>
      toTreatment(treatment, scope, [...path, 'treatments', j], content),
    ),
  }
}

function toPolicy(
  written: Pick<WrittenGroup | WrittenAction, (typeof POLICY_LEVELS)[number]>,
  group: string | undefined,
  scope: RuleScope,
  path: Path,
  compiler: RuleCompiler,
): PolicyRule[] {
  return POLICY_LEVELS.flatMap((level) => {
    const source = written[level]
    if (source === undefined) return []
    const rule = compiler.condition(source, scope, [...path, level])
    return rule === undefined ? [] : [{ level, group, rule }]
  })
}

function toTreatment(
  written: WrittenAction['treatments'][number],
  scope: RuleScope,
  path: Path,
  content: ActionSources['content'],
): Treatment {
  return {
    id: written.id as TreatmentId,
    placements: written.for as PlacementId[],
    content: new Map(
      Object.entries(written.content).map(([tag, value]) => [
        tag.toLowerCase(),
        content(value, written.for, scope, [...path, 'content', tag]),
      ]),
    ),
    needs: written.needs,
    otherwise: written.otherwise as TreatmentId | undefined,
  }
}
