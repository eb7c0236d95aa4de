import { durationMs } from '../domain/duration.ts'
import { DEFAULTS } from './document/settings.ts'
import type { CatalogueDocument } from './document.ts'
import { isMap } from './references/names.ts'

/** Sentences about what a document says and this version does not do, one for each kind. */
export function noticesOf(document: CatalogueDocument, written: Readonly<Record<string, unknown>>): string[] {
  const kept = notInEffect(document, written).flatMap(([what, count]) => {
    if (count === 0) return []
    const many = count === true ? `${what} ${what.endsWith('s') ? 'are' : 'is'}` : `${what} (${count}) are`
    return [`${many} checked and kept, and not in effect in this version`]
  })
  return [...kept, ...purposeNotices(document), ...horizonNotices(document)]
}

/** How often each kind is written; true for what can be written once. */
function notInEffect(
  document: CatalogueDocument,
  written: Readonly<Record<string, unknown>>,
): (readonly [string, number | true])[] {
  const { actions, groups, models, arbitration, exploration } = document
  const channels = Object.values(document.channels)
  const levers = [...channels, ...groups, ...actions]
  const once = (is: boolean) => (is ? true : 0)
  return [
    ['defaults.historyHorizon', once(isMap(written.defaults) && 'historyHorizon' in written.defaults)],
    ['identities', Object.keys(document.identities).length],
    ['channels.confirmOn', count(channels, ({ confirmOn }) => confirmOn)],
    ['channels.holdFor', count(channels, ({ holdFor }) => holdFor)],
    ['channels.quietHours', count(channels, ({ quietHours }) => quietHours)],
    ['models.where', count(models, ({ where }) => where)],
    ['models.challenger', count(models, ({ challenger }) => challenger)],
    ['groups.maxPerSlate', count(groups, ({ maxPerSlate }) => maxPerSlate)],
    ['levers', count(levers, ({ lever }) => lever)],
    [
      'actions.value written as a rule',
      count(actions, ({ value }) => (typeof value === 'string' ? value : undefined)),
    ],
    ['actions.claims', count(actions, ({ claims }) => claims)],
    ['contactPolicies', document.contactPolicies.length],
    ['volumes', document.volumes.length],
    ['arbitration', once(arbitration !== undefined)],
    // Greedy is what happens.
    ['exploration', once(exploration !== undefined && exploration.method !== 'greedy')],
    ['experiments', once(document.experiments !== undefined)],
    ['attribution', once(document.attribution !== undefined)],
  ]
}

function count<Item>(items: readonly Item[], said: (item: Item) => unknown): number {
  return items.filter((item) => said(item) !== undefined).length
}

/** What holds of a purpose while the customer has said nothing. */
export function purposeDefault({
  basis,
  default: written,
}: CatalogueDocument['purposes'][string]): 'allow' | 'deny' {
  return written ?? (basis === 'consent' ? 'deny' : 'allow')
}

function purposeNotices({ purposes }: CatalogueDocument): string[] {
  const named = Object.entries(purposes)
  if (named.length === 0) return []
  const denied = named.filter(([, purpose]) => purposeDefault(purpose) === 'deny').map(([name]) => name)
  const general = `purposes (${named.length}) are in effect only by their default: no consent is known in this version`
  if (denied.length === 0) return [general]
  return [general, `nobody gets actions for a purpose that is denied by default: ${listed(denied)}`]
}

function horizonNotices({ defaults, ...document }: CatalogueDocument): string[] {
  const horizon = defaults.historyHorizon ?? DEFAULTS.historyHorizon
  const longer = document.contactPolicies
    .filter(({ window, after, suppressFor }) =>
      [window, after?.within, suppressFor].some(
        (text) => text !== undefined && durationMs(text) > durationMs(horizon),
      ),
    )
    .map(({ id }) => id)
  if (longer.length === 0) return []
  return [
    `contactPolicies that look back further than defaults.historyHorizon (${horizon}) forget what is older: ${listed(longer)}`,
  ]
}

function listed(names: readonly string[]): string {
  const more = names.length - 12
  return names.slice(0, 12).join(', ') + (more > 0 ? ` and ${more} more` : '')
}
