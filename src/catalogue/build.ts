import type { WrittenDocument } from '../documents/read-document.ts'
import type { Json } from '../domain/canonical-json.ts'
import type { Block, Catalogue, Placement, Purpose } from '../domain/catalogue.ts'
import { isCap } from '../domain/contact-policy.ts'
import { durationMs } from '../domain/duration.ts'
import { EmmaError } from '../domain/errors.ts'
import type { ChannelId, PlacementId } from '../domain/ids.ts'
import { atOnce, type Steps } from '../domain/steps.ts'
import type { Tier } from '../domain/tier.ts'
import { type ActionSources, toActions } from './actions.ts'
import { toChannels } from './channels.ts'
import { toChoosing } from './choosing.ts'
import { toColumns } from './columns.ts'
import { ruleCompiler } from './compile-rules.ts'
import { toContactPolicies } from './contact-policies.ts'
import { checkFallback, contentCompiler } from './content.ts'
import type { CatalogueDocument } from './document.ts'
import { inOrderOfPlace } from './fault-order.ts'
import { noticesOf, purposeDefault } from './notices.ts'
import { indexPlays } from './plays.ts'
import { type Reading, readForm } from './reading.ts'
import { namesOf } from './references/names.ts'
import { checkReferences } from './references.ts'
import { ruleScopes } from './rule-scopes.ts'
import { toTypes } from './to-types.ts'
import { versionSteps } from './version.ts'
import { toVolumes, volumesIn } from './volumes.ts'

export interface BuildOptions {
  /** Names of the features in the store; absent or null while they are not known, and rules may name any. */
  readonly features?: ReadonlySet<string> | null
  /** The version, where it is known already: a stored document is not hashed again. */
  readonly version?: string
}

/**
 * From what an editor wrote to what decides: form, references and rules, then the indexed, immutable catalogue.
 * @throws EmmaError `catalogue_invalid` with every fault, in the order of their places.
 */
export function buildCatalogue(written: WrittenDocument, options: BuildOptions = {}): Catalogue {
  return atOnce(buildSteps(written, options))
}

/** The same in steps of about one action each, so that a large catalogue keeps nobody waiting. */
export function* buildSteps(written: WrittenDocument, options: BuildOptions = {}): Steps<Catalogue> {
  const reading = yield* readForm(written)
  const { document } = reading
  const names = namesOf(reading.written)
  yield* checkReferences(reading, names)
  const scopes = ruleScopes(reading, names, options.features ?? null)
  const sources: ActionSources = {
    document,
    scopes,
    compiler: ruleCompiler(reading, names),
    content: contentCompiler(reading, names),
  }
  const blocks = toBlocks(sources)
  const choosing = toChoosing(document, scopes, sources.compiler)
  const actions = yield* toActions(sources)
  const placements = toPlacements(reading)
  if (reading.faults.length > 0) throw new EmmaError('catalogue_invalid', inOrderOfPlace(reading.faults))

  const volumes = toVolumes(document)
  const contactPolicies = toContactPolicies(document)
  const plays = indexPlays(actions, placements, { contactPolicies, volumes }, choosing)
  const version = options.version ?? (yield* versionSteps(written.value as Json))
  const { currency, locale, timeZone, historyHorizon } = document.defaults
  return {
    version,
    currency,
    locale,
    timeZone,
    historyHorizonMs: durationMs(historyHorizon),
    customerTypes: toTypes(document.types.customer),
    attributePurposes: toAttributePurposes(document),
    contextTypes: toTypes(document.types.context),
    model: document.models[0]?.id,
    challenger: document.models[0]?.challenger?.id,
    target: document.target,
    purposes: toPurposes(document),
    blocks,
    channels: toChannels(document),
    groups: names.group.ids,
    maxPerSlate: choosing.maxPerSlate,
    arbitration: choosing.arbitration,
    exploration: choosing.exploration,
    experiments: choosing.experiments,
    placements,
    actions,
    positionOf: new Map(actions.map((action, position) => [action.id, position])),
    plays,
    columns: toColumns(plays, actions),
    caps: contactPolicies.filter(isCap),
    volumes,
    volumesIn: volumesIn(plays, volumes),
    notices: noticesOf(document, plays),
  }
}

function toBlocks({ document, scopes, compiler }: ActionSources): Block[] {
  return document.blocks
    .flatMap(({ id, tier, when }, i) => {
      const rule = compiler.condition(when, scopes.ofBlocks, ['blocks', i, 'when'])
      const tiers: ReadonlySet<Tier> = new Set(typeof tier === 'string' ? [tier] : tier)
      return rule === undefined ? [] : [{ id, tiers, when: rule }]
    })
    .sort((a, b) => (a.id < b.id ? -1 : 1))
}

function toPlacements(reading: Reading): ReadonlyMap<PlacementId, Placement> {
  return new Map(
    reading.document.placements.map((written, i): [PlacementId, Placement] => {
      const { contentType, order, fallback, allowRepeats } = written
      const id = written.id as PlacementId
      if (fallback !== undefined) checkFallback(fallback, contentType, ['placements', i, 'fallback'], reading)
      const channel = written.channel as ChannelId
      return [
        id,
        {
          id,
          channel,
          contentType,
          order,
          fallback: fallback as Json | undefined,
          allowRepeats,
        },
      ]
    }),
  )
}

function toPurposes({ purposes }: CatalogueDocument): ReadonlyMap<string, Purpose> {
  return new Map(
    Object.entries(purposes).map(([name, written]) => [
      name,
      { basis: written.basis, default: purposeDefault(written) },
    ]),
  )
}

function toAttributePurposes({ types }: CatalogueDocument): ReadonlyMap<string, string> {
  return new Map(
    Object.entries(types.customer).flatMap(([name, spec]): [string, string][] =>
      typeof spec === 'string' || spec.purpose === undefined ? [] : [[name, spec.purpose]],
    ),
  )
}
