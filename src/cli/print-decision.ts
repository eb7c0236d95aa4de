import { slateText } from '../domain/reason-text.ts'
import type { DecisionReply } from '../http/ask-once.ts'
import { count } from './count.ts'
import { hanging } from './hanging.ts'

type Explanation = NonNullable<DecisionReply['explanation']>
type Candidate = Explanation['candidates'][number]
type SlateReply = DecisionReply['placements'][number]

/** A decision as a person would read it at a terminal, with the fate of every candidate if wanted. */
export function printDecision(reply: DecisionReply, everyCandidate: boolean, width = 110): string {
  const { explanation, placements } = reply
  const lines = [`decision ${reply.decisionId}, good until ${reply.validUntil}`]
  if (explanation !== undefined) lines.push(...who(explanation))
  if (reply.arm in ARMS) lines.push(`arm: ${reply.arm}, which ${ARMS[reply.arm as keyof typeof ARMS]}`)
  if (reply.outbound !== undefined) lines.push(sending(reply.outbound))
  for (const slate of placements) {
    lines.push('', ...shown(slate, width))
    if (everyCandidate && explanation !== undefined)
      lines.push(
        ...explained(
          explanation.candidates.filter(({ placement }) => placement === slate.id),
          slate.items,
          width,
        ),
      )
  }
  if (everyCandidate && explanation !== undefined)
    lines.push(...beside(explanation, !(reply.arm in ARMS) || reply.arm === 'challenger', width))
  lines.push('', versions(reply))
  if (reply.degraded.length > 0) lines.push(`degraded: ${reply.degraded.join(', ')}`)
  return lines.join('\n')
}

const CUSTOMER = {
  known: 'customer: known',
  unknown: 'customer: not in the store, so decided for as a stranger',
  anonymous: 'customer: an anonymous visitor',
}

function who({ customer, personalised, history }: Explanation): string[] {
  const masked = personalised ? '' : ', who refused personalisation: chosen as for a stranger'
  const lines = [`${CUSTOMER[customer]}${masked}`]
  if (history !== null)
    lines.push(
      `history: of this ${history.of}, kept since ${history.keptSince.slice(0, 10)}, exact since ${history.exactSince.slice(0, 10)}`,
    )
  return lines
}

const ARMS = {
  challenger: 'is scored by the challenger',
  random: 'gets any permitted action',
  holdout: 'gets no advertising',
}

/** What would have been shown without the holdout, and what the customer would like best. */
function beside(
  { ghosts = [], customerFirst: { placements, expected, push } }: Explanation,
  isByPriority: boolean,
  width: number,
) {
  const { customerFirst, withoutLevers, byPriority } = expected
  const costs = push.levers.flatMap(({ lever, ...cost }) => hanging(`  ${lever}: `, sums(cost), width))
  return [
    ...ghosts.map(
      ({ placement, items }) =>
        `${placement}, but for the holdout: ${listed(items.map(({ actionId }) => actionId))}`,
    ),
    '',
    'customer first, by propensity and context alone:',
    ...placements.flatMap(({ id, actionIds }) => hanging(`  ${id}: `, listed(actionIds), width)),
    `  ${sums(customerFirst)}; by priority ${sums(byPriority)}`,
    ...(costs.length === 0 || !isByPriority
      ? []
      : [`push costs ${sums(push)} (without: ${sums(withoutLevers)})`, ...costs]),
  ]
}

function sums({ propensity, margin }: { propensity: number; margin: number }): string {
  return `propensity ${propensity}, margin ${margin}`
}

function listed(ids: readonly string[]): string {
  return ids.length === 0 ? 'nothing' : ids.join(', ')
}

function sending({ send, notBefore, code }: NonNullable<DecisionReply['outbound']>): string {
  if (send) return 'send: yes'
  const later = notBefore === undefined ? '' : `, not before ${notBefore}`
  return `send: no${later}${code === undefined ? '' : ` (${meaning(code)})`}`
}

function shown({ id, status, code, items, fallback }: SlateReply, width: number): string[] {
  const lines = [`${id}: ${status}${code === undefined ? '' : ` (${meaning(code)})`}`]
  for (const item of items) {
    lines.push(
      `  ${item.rank}. ${item.actionId} [${item.kind}, ${item.tier}, ${item.locale}${chance(item)}] ${headline(item.content)}`,
    )
    for (const why of item.why) lines.push(...hanging('     ', why.text ?? why.code, width))
  }
  if (fallback !== undefined) lines.push(`  fallback: ${headline(fallback)}`)
  return lines
}

/** Where it was not certain. */
function chance({ selectionProbability }: SlateReply['items'][number]): string {
  return selectionProbability === 1 ? '' : `, chance ${selectionProbability}`
}

/** The code’s sentence without its full stop, in the language of the terminal’s labels. */
function meaning(code: NonNullable<SlateReply['code']>): string {
  return slateText(code, { language: 'en', timeZone: 'UTC' }).replace(/\.$/, '')
}

const MARKS = { selected: '✓', outranked: '·', refused: '✗' } as const
const ORDER = Object.keys(MARKS)
/** So many that end alike are told together. */
const FEWEST_TOGETHER = 3

/** What was chosen, what came behind it, and what was refused: each with why, and with what would change it. */
function explained(candidates: readonly Candidate[], items: SlateReply['items'], width: number): string[] {
  if (candidates.length === 0) return []
  const ranks = new Map(items.map(({ actionId, rank }) => [actionId, rank]))
  const rankOf = ({ actionId }: Candidate) => ranks.get(actionId) ?? Number.POSITIVE_INFINITY
  const inOrder = [...candidates].sort(
    (a, b) =>
      ORDER.indexOf(a.status) - ORDER.indexOf(b.status) ||
      compare(rankOf(a), rankOf(b)) ||
      compare(b.priority ?? -1, a.priority ?? -1) ||
      compare(b.propensity ?? -1, a.propensity ?? -1),
  )
  const alike = new Map<string, Candidate[]>()
  for (const candidate of inOrder) {
    const key = JSON.stringify([candidate.status, candidate.propensity, ...tellings(candidate)])
    alike.set(key, [...(alike.get(key) ?? []), candidate])
  }
  const entries = [...alike.values()].flatMap((group) =>
    group.length < FEWEST_TOGETHER ? group.map((candidate) => [candidate]) : [group],
  )
  const longest = Math.max(...entries.map((entry) => nameOf(entry).length))
  return [`  ${tally(candidates)}`, ...entries.flatMap((entry) => told(entry, longest, width))]
}

function compare(a: number, b: number): number {
  return a === b ? 0 : a - b
}

/** Why, then what would change it. The threshold that would is the propensity itself, and stands beside it. */
function tellings({ reasons, changes }: Candidate): readonly [why: string, ...changes: string[]] {
  return [
    reasons.map(({ text, code }) => text ?? code).join(' '),
    ...changes.filter(({ kind }) => kind !== 'threshold').map(({ text, kind }) => `→ ${text ?? kind}`),
  ]
}

function nameOf(entry: readonly Candidate[]): string {
  return entry.length === 1 ? entry[0]!.actionId : count(entry.length, 'action')
}

function told(entry: readonly Candidate[], longest: number, width: number): string[] {
  const [first] = entry as [Candidate]
  const { status, propensity } = first
  const p = propensity === null ? '     –' : propensity.toFixed(4)
  const head = `  ${MARKS[status]} ${nameOf(entry).padEnd(longest)}  P ${p}  `
  const indent = ' '.repeat(head.length)
  const [why, ...changes] = tellings(first)
  return [
    ...hanging(head, why, width),
    ...changes.flatMap((change) => hanging(indent, change, width)),
    ...(entry.length === 1 ? [] : hanging(indent, entry.map(({ actionId }) => actionId).join(', '), width)),
  ]
}

/** How many candidates there were, and what they were refused for first. */
function tally(candidates: readonly Candidate[]): string {
  const refused = candidates.filter(({ status }) => status === 'refused')
  const codes = new Map<string, number>()
  for (const { reasons } of refused) {
    const { code } = reasons[0]!
    codes.set(code, (codes.get(code) ?? 0) + 1)
  }
  const listed = [...codes].sort(([, a], [, b]) => b - a).map(([code, often]) => `${often} ${code}`)
  const why = listed.length === 0 ? '' : `: ${listed.join(', ')}`
  return `${count(candidates.length, 'candidate')}, ${refused.length} refused${why}`
}

function versions({ versions: { catalogue, model, features, runTime } }: DecisionReply): string {
  const state = runTime === null ? '' : `, run-time state ${runTime}`
  return `versions: catalogue ${catalogue}, model ${model}, features ${features ?? 'none'}${state}`
}

/** The first text of a content, whatever its fields are called. */
function headline(content: unknown): string {
  if (typeof content === 'string') return content
  if (content === null || typeof content !== 'object') return ''
  const text = Object.values(content).find((value) => typeof value === 'string')
  return text === undefined ? '' : `“${text}”`
}
