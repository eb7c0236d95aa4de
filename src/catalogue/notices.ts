import type { Play } from '../domain/catalogue.ts'
import { DAY_MS } from '../domain/contact.ts'
import { durationMs } from '../domain/duration.ts'
import { EXACT_FOR_MS } from '../domain/ledger.ts'
import type { Outcome } from '../domain/outcome.ts'
import { LEVER_BOUND } from './choosing.ts'
import type { CatalogueDocument } from './document.ts'

/** Sentences about what a document says and this version does not do, one for each kind, and about what is hardly meant. */
export function noticesOf(
  document: CatalogueDocument,
  plays: ReadonlyMap<string, readonly Play[]>,
): string[] {
  const kept = notInEffect(document).flatMap(([what, count]) => {
    if (count === 0) return []
    const many = count === true ? `${what} ${what.endsWith('s') ? 'are' : 'is'}` : `${what} (${count}) are`
    return [`${many} checked and kept, and not in effect in this version`]
  })
  return [
    ...kept,
    ...maskedNotices(document),
    ...horizonNotices(document),
    ...choosingNotices(document),
    ...holdingNotices(document),
    ...volumeNotices(document, plays),
  ]
}

/** How often each kind is written; true for what can be written once. */
function notInEffect(document: CatalogueDocument): (readonly [string, number | true])[] {
  const { actions, models } = document
  const once = (is: boolean) => (is ? true : 0)
  return [
    ['identities', Object.keys(document.identities).length],
    ['models.where', count(models, ({ where }) => where)],
    ['actions.claims', count(actions, ({ claims }) => claims)],
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

/** A block must not open because somebody refused something: what it reads wants a purpose of its own. */
function maskedNotices({ blocks, types }: CatalogueDocument): string[] {
  const ownPurpose = (name: string) => {
    const spec = types.customer[name]
    return typeof spec === 'object' && spec.purpose !== undefined
  }
  return blocks.flatMap(({ id, when }) => {
    const masked = Object.keys(types.customer).filter(
      (name) => new RegExp(`\\bcustomer\\.${name}\\b`).test(when) && !ownPurpose(name),
    )
    if (masked.length === 0) return []
    const names = listed(masked.map((name) => `customer.${name}`))
    return [
      `block ${id} reads ${names}, which is not used for customers who refuse personalisation: give it a purpose under types`,
    ]
  })
}

function horizonNotices({ defaults: { historyHorizon }, contactPolicies }: CatalogueDocument): string[] {
  const looksBack = (limitMs: number) =>
    contactPolicies
      .filter(({ window, after, suppressFor }) =>
        [window, after?.within, suppressFor].some((text) => text !== undefined && durationMs(text) > limitMs),
      )
      .map(({ id }) => id)
  const beyond = looksBack(durationMs(historyHorizon))
  const byDay = looksBack(EXACT_FOR_MS)
  return [
    ...(beyond.length === 0
      ? []
      : [
          `contactPolicies that look back further than defaults.historyHorizon (${historyHorizon}) forget what is older: ${listed(beyond)}`,
        ]),
    ...(byDay.length === 0
      ? []
      : [
          `contactPolicies that look back further than ${EXACT_FOR_MS / DAY_MS} days know what is older by the day only, and count it for the whole day: ${listed(byDay)}`,
        ]),
  ]
}

/** What is easily written and hardly meant. */
function choosingNotices({ experiments, models, arbitration, channels, groups, actions }: CatalogueDocument) {
  const notices: string[] = []
  if (experiments?.holdout?.share === 1)
    notices.push('experiments.holdout takes everybody: nobody gets retention or marketing')
  if (models[0]?.challenger?.share === 0)
    notices.push('models.challenger has a share of 0: it is checked, and scores nobody')
  const written = [...Object.values(channels), ...groups, ...actions].map(({ lever = 0 }) => lever)
  const { leverBound, powers } = arbitration ?? { leverBound: LEVER_BOUND, powers: undefined }
  const bounded = written.filter((percent) => Math.abs(percent) / 100 > leverBound).length
  if (bounded > 0 && (powers?.lever ?? 1) === 1)
    notices.push(
      `levers beyond arbitration.leverBound (${leverBound}) are held at it: ${bounded} of ${written.filter((percent) => percent !== 0).length}`,
    )
  return notices
}

/** A contact that is held keeps room from others: longer than this hardly anything waits. */
const LONG_HOLD_DAYS = 7
/** What tells of a contact itself; everything else comes after one of them. */
const FIRST_TOLD: ReadonlySet<Outcome> = new Set(['sent', 'presented', 'impression'])

function holdingNotices({ channels }: CatalogueDocument): string[] {
  const those = (is: (channel: CatalogueDocument['channels'][string]) => boolean) =>
    Object.entries(channels).flatMap(([id, channel]) => (is(channel) ? [id] : []))
  const long = those(({ holdFor }) => holdFor !== undefined && durationMs(holdFor) > LONG_HOLD_DAYS * DAY_MS)
  const afterwards = those(({ confirmOn }) => confirmOn !== undefined && !FIRST_TOLD.has(confirmOn))
  return [
    ...(long.length === 0
      ? []
      : [
          `channels whose holdFor is longer than ${LONG_HOLD_DAYS} days keep room of caps and volumes for what may never come: ${listed(long)}`,
        ]),
    ...(afterwards.length === 0
      ? []
      : [
          `channels whose confirmOn comes after an impression are confirmed by the impression all the same: ${listed(afterwards)}`,
        ]),
  ]
}

function volumeNotices(
  { volumes }: CatalogueDocument,
  plays: ReadonlyMap<string, readonly Play[]>,
): string[] {
  const lists = new Set([...plays.values()].flatMap((own) => own.map((play) => play.volumes)))
  const taken = new Set([...lists].flat().map(({ id }) => id))
  const idle = volumes.filter(({ id }) => !taken.has(id)).map(({ id }) => id)
  const endless = volumes
    .filter(({ per, pacing }) => per === 'total' && pacing === 'even')
    .map(({ id }) => id)
  return [
    ...(idle.length === 0 ? [] : [`volumes that no action takes from, in no placement: ${listed(idle)}`]),
    ...(endless.length === 0
      ? []
      : [
          `volumes with pacing even and per total are not spread, for a total has no end: ${listed(endless)}`,
        ]),
  ]
}

function listed(names: readonly string[]): string {
  const more = names.length - 12
  return names.slice(0, 12).join(', ') + (more > 0 ? ` and ${more} more` : '')
}
