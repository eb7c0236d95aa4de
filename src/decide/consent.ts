import type { Catalogue } from '../domain/catalogue.ts'
import { type ConsentStatement, PERSONALISATION } from '../domain/consent.ts'

/** Of which channel and address it is asked. An address of null is one that the request does not name. */
export interface Asked {
  readonly channel: string
  readonly address: string | null
}

/** What a person’s statements come to for one purpose: what they say, what nobody said, or what cannot be told. */
export type Consent =
  | { readonly state: 'granted' | 'default_allow' | 'default_deny' }
  /** `by` stands; for `unsure` it belongs to an address, and the request does not say which is meant. */
  | { readonly state: 'refused' | 'unsure'; readonly by: ConsentStatement }

/** Bases on which nobody’s consent is asked, and to which nobody can object (GDPR, articles 6 and 21). */
const BEYOND_OBJECTION: ReadonlySet<string> = new Set(['legalObligation', 'vitalInterest'])

/** Whether a person’s statements have a say in a purpose at all; null is what has no purpose. */
export function canObject(purpose: string | null, { purposes }: Catalogue): boolean {
  return purpose === null || !BEYOND_OBJECTION.has(purposes.get(purpose)?.basis ?? '')
}

/**
 * The newest statement wins, but that a yes lifts only a no that is not more specific: who left the newsletter does not
 * come back to it by a yes to advertising in general. An undated no was made when it was told, an undated yes before
 * everything else: the stricter reading of both.
 */
export function consentTo(
  purpose: string | null,
  statements: readonly ConsentStatement[],
  asked: Asked,
  catalogue: Catalogue,
): Consent {
  const declared = purpose === null ? undefined : catalogue.purposes.get(purpose)
  if (canObject(purpose, catalogue)) {
    /** A yes for an address, and the request names none. */
    const isUnnamed = (statement: ConsentStatement) =>
      asked.address === null &&
      statement.state === 'granted' &&
      covers({ ...statement, address: null }, purpose, declared?.basis, asked)
    const said = statements.filter((statement) => covers(statement, purpose, declared?.basis, asked))
    const grants = said.filter(({ state }) => state === 'granted')
    const standing = said.filter(
      (statement) => statement.state === 'refused' && !grants.some((grant) => lifts(grant, statement)),
    )
    const refused = newestOf(standing.filter(({ address }) => address === null || asked.address !== null))
    if (refused !== undefined) return { state: 'refused', by: refused }
    const unsure = newestOf(standing)
    if (unsure !== undefined) return { state: 'unsure', by: unsure }
    if (grants.length > 0) return { state: 'granted' }
    const unnamed = declared?.default === 'deny' ? newestOf(statements.filter(isUnnamed)) : undefined
    if (unnamed !== undefined) return { state: 'unsure', by: unnamed }
  }
  return { state: declared?.default === 'deny' ? 'default_deny' : 'default_allow' }
}

/** Whether a person’s data may be used under a purpose: when in doubt, not. */
export function mayUse(
  purpose: string = PERSONALISATION,
  statements: readonly ConsentStatement[],
  asked: Asked,
  catalogue: Catalogue,
): boolean {
  const { state } = consentTo(purpose, statements, asked, catalogue)
  return state === 'granted' || state === 'default_allow'
}

function covers(
  statement: ConsentStatement,
  purpose: string | null,
  basis: string | undefined,
  asked: Asked,
): boolean {
  const isMeant = statement.purpose === null ? isAdvertising(purpose, basis) : statement.purpose === purpose
  if (!isMeant || (statement.channel !== null && statement.channel !== asked.channel)) return false
  if (statement.address === null || statement.address === asked.address) return true
  // A no may be meant for wherever the message goes; a yes is for its own address only.
  return asked.address === null && statement.state === 'refused'
}

/**
 * What a statement without a purpose is about. What was ordered is still delivered, and whoever wants no advertising
 * has not said that service may not know him.
 */
function isAdvertising(purpose: string | null, basis: string | undefined): boolean {
  return purpose !== PERSONALISATION && basis !== 'contract'
}

function lifts(grant: ConsentStatement, refusal: ConsentStatement): boolean {
  if (refusal.purpose !== null && grant.purpose === null) return false
  if (refusal.channel !== null && grant.channel === null) return false
  if (refusal.address !== null && grant.address !== refusal.address) return false
  return madeAt(grant) > madeAt(refusal)
}

function madeAt({ state, at, toldAt }: ConsentStatement): number {
  return at ?? (state === 'refused' ? toldAt : Number.NEGATIVE_INFINITY)
}

function newestOf(statements: readonly ConsentStatement[]): ConsentStatement | undefined {
  return statements.reduce<ConsentStatement | undefined>(
    (newest, one) => (newest === undefined || madeAt(one) > madeAt(newest) ? one : newest),
    undefined,
  )
}
