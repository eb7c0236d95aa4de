import type { DecisionReply } from '../http/ask-once.ts'

/** A decision as a person would read it at a terminal, with the fate of every candidate if wanted. */
export function printDecision(reply: DecisionReply, everyCandidate: boolean): string {
  const lines = [`decision ${reply.decisionId}, good until ${reply.validUntil}`]
  const { explanation } = reply
  if (explanation !== undefined) lines.push(CUSTOMER[explanation.customer])
  if (reply.outbound !== undefined)
    lines.push(reply.outbound.send ? 'send: yes' : `send: no (${reply.outbound.code})`)
  for (const { id, status, code, items, fallback } of reply.placements) {
    lines.push('', `${id}: ${status}${code === undefined ? '' : ` (${code})`}`)
    for (const item of items) {
      lines.push(
        `  ${item.rank}. ${item.actionId} [${item.kind}, ${item.tier}, ${item.locale}] ${headline(item.content)}`,
      )
      for (const why of item.why) lines.push(`     ${why.text ?? why.code}`)
    }
    if (fallback !== undefined) lines.push(`  fallback: ${headline(fallback)}`)
  }
  lines.push('', ...(everyCandidate && explanation !== undefined ? explain(explanation) : []))
  lines.push(
    `versions: catalogue ${reply.versions.catalogue}, model ${reply.versions.model}, features ${reply.versions.features ?? 'none'}${reply.versions.runTime === null ? '' : `, run-time state ${reply.versions.runTime}`}`,
  )
  if (reply.degraded.length > 0) lines.push(`degraded: ${reply.degraded.join(', ')}`)
  return lines.join('\n')
}

const CUSTOMER = {
  known: 'customer: known',
  unknown: 'customer: not in the store, so decided for as a stranger',
  anonymous: 'customer: an anonymous visitor',
}

function explain(explanation: NonNullable<DecisionReply['explanation']>): string[] {
  const width = Math.max(...explanation.candidates.map((candidate) => candidate.actionId.length), 0)
  const lines = explanation.candidates.map(({ actionId, placement, status, reasons, propensity }) => {
    const p = propensity === null ? '       -' : propensity.toFixed(4).padStart(8)
    return `  ${actionId.padEnd(width)}  P ${p}  ${status.padEnd(9)}  ${placement}: ${reasons.map((r) => r.text ?? r.code).join(' ')}`
  })
  return ['every candidate:', ...lines, '']
}

/** The first text of a content, whatever its fields are called. */
function headline(content: unknown): string {
  if (typeof content === 'string') return content
  if (content === null || typeof content !== 'object') return ''
  const text = Object.values(content).find((value) => typeof value === 'string')
  return text === undefined ? '' : `“${text}”`
}
